package io.mailserver.imapserver;

import io.mailserver.store.AccountKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Which accounts have sessions: so that none has too many, and those of an account that may no longer log in end. Any thread. */
public final class AccountSessions {
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock. */
    private final Map<AccountKey, Set<Member>> members = new HashMap<>();

    /** A session as this sees it. */
    interface Member {
        /** Asks the session to say BYE; called by any thread, does not block. */
        void accountDisabled();
    }

    /** Counts a session in, unless the account has {@code limit} already. */
    boolean enter(AccountKey account, Member member, int limit) {
        lock.lock();
        try {
            Set<Member> others = members.computeIfAbsent(account, key -> new HashSet<>());
            return others.size() < limit && others.add(member);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a session out. */
    void leave(AccountKey account, Member member) {
        lock.lock();
        try {
            Set<Member> others = members.getOrDefault(account, new HashSet<>());
            others.remove(member);
            if (others.isEmpty()) {
                members.remove(account);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many sessions are logged in. */
    public int open() {
        lock.lock();
        try {
            return members.values().stream().mapToInt(Set::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the sessions of accounts that may no longer log in; to be called when some may have been disabled or removed. */
    public void endUnless(Predicate<AccountKey> mayLogIn) {
        List<Member> ended = new ArrayList<>();
        for (AccountKey account : accounts()) {
            if (!mayLogIn.test(account)) {
                lock.lock();
                try {
                    ended.addAll(members.getOrDefault(account, Set.of()));
                } finally {
                    lock.unlock();
                }
            }
        }
        ended.forEach(Member::accountDisabled);
    }

    private List<AccountKey> accounts() {
        lock.lock();
        try {
            return List.copyOf(members.keySet());
        } finally {
            lock.unlock();
        }
    }
}
