package io.mailserver.simulation;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.sharing.SharingDirectory;
import io.mailserver.store.AccountKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Who shares with whom, in memory. As the real one it may name too many, never too few. Any thread. */
public final class MemoryPeople implements SharingDirectory {
    private final Map<AccountKey, AccountRef> accounts = new ConcurrentHashMap<>();
    private final Map<Long, List<Long>> granted = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    /** Makes an account; its number is nobody else's, before or after. */
    public AccountRef add(AccountKey key) {
        AccountRef account = new AccountRef(lastId.incrementAndGet(), key.domain(), key.localPart(), Quota.NONE);
        accounts.put(key, account);
        return account;
    }

    public void remove(AccountKey key) {
        accounts.remove(key);
    }

    @Override
    public Optional<AccountRef> account(String address) {
        return accounts.values().stream().filter(each -> each.address().toString().equalsIgnoreCase(address)).findFirst();
    }

    @Override
    public List<AccountRef> sharers(AccountRef with) {
        List<AccountRef> sharers = new ArrayList<>();
        for (AccountRef each : accounts.values()) {
            List<Long> to = granted.getOrDefault(each.id(), List.of());
            boolean shares = to.contains(with.id()) || (to.contains(ANYONE) && each.domain().equals(with.domain()));
            if (shares && each.id() != with.id()) {
                sharers.add(each);
            }
        }
        sharers.sort(Comparator.comparingLong(AccountRef::id));
        return sharers;
    }

    @Override
    public void note(AccountRef owner, long grantee, boolean now) {
        granted.compute(owner.id(), (id, before) -> {
            List<Long> to = new ArrayList<>(before == null ? List.of() : before);
            to.remove(grantee);
            if (now) {
                to.add(grantee);
            }
            return to;
        });
    }
}
