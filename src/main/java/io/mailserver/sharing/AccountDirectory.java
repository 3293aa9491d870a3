package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Directory;
import io.mailserver.account.Resolution;
import io.mailserver.account.Shares;
import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sharing among the accounts of {@code system.db}. */
public final class AccountDirectory implements SharingDirectory {
    private final Directory directory;
    private final Shares shares;

    public AccountDirectory(Directory directory, Shares shares) {
        this.directory = directory;
        this.shares = shares;
    }

    @Override
    public Optional<AccountRef> account(String address) throws StoreException {
        int at = address.lastIndexOf('@');
        Optional<Domain> domain = at < 1 ? Optional.empty() : Domain.parse(address.substring(at + 1));
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        Address typed = Address.of(address.substring(0, at), domain.get());
        return switch (directory.resolve(typed)) {
            case Resolution.Local local -> local.accounts().stream().filter(found -> isAt(found, typed)).findFirst();
            case Resolution.Unavailable unavailable -> throw unavailable(null);
            default -> Optional.empty();
        };
    }

    /** The address may also have led to it as an alias, or by a catch-all. */
    private static boolean isAt(AccountRef account, Address typed) {
        return account.localPart().equalsIgnoreCase(typed.localPart()) && Optional.of(account.domain()).equals(typed.domain());
    }

    @Override
    public List<AccountRef> sharers(AccountRef with) throws StoreException {
        try {
            return shares.sharers(with);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void note(AccountRef owner, long grantee, boolean granted) throws StoreException {
        try {
            shares.note(owner.id(), grantee, granted);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static StoreException unavailable(@Nullable IOException cause) {
        return new StoreException(StoreException.Cause.UNAVAILABLE, "Other accounts cannot be looked up now; try again later", cause);
    }
}
