package io.mailserver.spam;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.mime.MessageOctets;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.MailboxId;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has {@link Learning} taught by people who move mail into and out of Junk, whatever program they do it with: told that mailboxes
 * changed, it looks soon after which emails lie on the other side of Junk's border than where they came in. The id of an email tells
 * where it came in, so that nothing has to be remembered of mail that nobody moved, and nothing is missed while no server runs.
 *
 * <p>Threads: {@link #changed} never blocks and is for any; looking and learning are done by one virtual thread at a time, one account
 * after the other, each for a bounded number of messages in its turn.
 */
public final class JunkTraining implements AutoCloseable {
    /** What a click of many messages moves is looked at together. */
    static final Duration GATHER = Duration.ofSeconds(1);

    /** Messages that one account has read before the next has its turn. */
    static final int TURN = 50;

    private final Learning learning;
    private final MailOpener opener;
    private final Time time;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}: the mailboxes of each account that are to be looked at. */
    private final LinkedHashMap<AccountKey, Set<MailboxId>> pending = new LinkedHashMap<>();
    private boolean scheduled;
    private boolean closed;

    /** Opens accounts; what it gives is closed here. */
    @FunctionalInterface
    public interface MailOpener {
        AccountMail open(AccountKey account) throws StoreException;
    }

    public JunkTraining(Learning learning, MailOpener opener, Time time, EventLog log) {
        this.learning = learning;
        this.opener = opener;
        this.time = time;
        this.log = log;
    }

    /** Something of an account changed: for {@code AccountStore.watchAll}. */
    public void changed(AccountKey account, Change change) {
        if (change instanceof Change.Messages messages) {
            add(account, Set.of(messages.mailbox()));
        }
    }

    private void add(AccountKey account, Set<MailboxId> mailboxes) {
        lock.lock();
        try {
            if (!closed) {
                pending.computeIfAbsent(account, key -> new LinkedHashSet<>()).addAll(mailboxes);
                if (!scheduled) {
                    scheduled = true;
                    time.schedule(GATHER, this::work);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many accounts wait for their turn. */
    public int pending() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        Map.@Nullable Entry<AccountKey, Set<MailboxId>> next = next();
        while (next != null) {
            turn(next.getKey(), next.getValue());
            next = next();
        }
    }

    private Map.@Nullable Entry<AccountKey, Set<MailboxId>> next() {
        lock.lock();
        try {
            Map.Entry<AccountKey, Set<MailboxId>> first = closed ? null : pending.pollFirstEntry();
            scheduled = first != null;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void turn(AccountKey account, Set<MailboxId> mailboxes) {
        try (AccountMail mail = opener.open(account)) {
            Learning.Student student = learning.student(account);
            boolean done = new JunkPass(mail, mailboxes, student.lessons(), pupil(account, student), TURN).run();
            if (!done) {
                add(account, mailboxes);
            }
        } catch (StoreException | IOException | RuntimeException e) {
            // The next change of the mailbox looks again from where the last look ended.
            log.error("spam.training-failed", e, "account", account);
        }
    }

    private JunkPass.Pupil pupil(AccountKey account, Learning.Student student) {
        return new JunkPass.Pupil() {
            @Override
            public Lessons.Lesson learn(MessageOctets message, boolean junk) throws IOException {
                return learning.moved(account, student, tokens(message), junk);
            }

            @Override
            public void unlearn(MessageOctets message, Lessons.Lesson lesson) throws IOException {
                learning.takenBack(student, tokens(message), lesson);
            }
        };
    }

    private Tokens tokens(MessageOctets message) throws IOException {
        return ContentFilter.tokens(message, time.now());
    }

    /** Looks at nothing any more; the account that is looked at is ended with. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pending.clear();
        } finally {
            lock.unlock();
        }
    }
}
