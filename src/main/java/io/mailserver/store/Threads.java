package io.mailserver.store;

import io.mailserver.store.Arrivals.Arrival;
import io.mailserver.store.Index.EmailRow;
import io.mailserver.store.Index.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which conversation an email belongs to. As a rule it follows from the email alone: the oldest message it refers to names the thread,
 * so that nothing needs to be stored and a rebuilt index says the same. An email that refers only to messages of another thread than
 * the derived one joins that thread; this is noted in {@code account.db} before anybody is told. Threads are never merged.
 *
 * <p>Guarded by the account's lock.
 */
final class Threads {
    private final AccountDatabase database;

    Threads(AccountDatabase database) {
        this.database = database;
    }

    /** Finds the threads of arriving messages. */
    Batch batch(Index index, Map<OpenMailbox, List<Arrival>> arriving) throws StoreException {
        List<RenderedEmail> emails = new ArrayList<>();
        arriving.values().forEach(arrivals -> arrivals.forEach(arrival -> arrival.rendered().ifPresent(emails::add)));
        return new Batch(index, emails);
    }

    /** Finds the threads of emails that were rendered later. */
    Batch batch(Index index, List<RenderedEmail> emails) throws StoreException {
        return new Batch(index, emails);
    }

    /** Some emails that are added by one transaction; they may refer to each other. */
    final class Batch {
        private final Map<Long, Long> known;
        private final Map<Long, Long> added = new HashMap<>();
        private final Map<Long, Long> exceptions = new HashMap<>();

        private Batch(Index index, List<RenderedEmail> emails) throws StoreException {
            Set<Long> ids = new HashSet<>();
            for (RenderedEmail email : emails) {
                email.ownId().ifPresent(ids::add);
                ids.addAll(email.references());
            }
            known = new HashMap<>(index.threads(ids));
        }

        /** What the index shall keep of each message. */
        List<EmailRow> emails(OpenMailbox mailbox, List<Arrival> arrivals) throws StoreException {
            List<EmailRow> rows = new ArrayList<>(arrivals.size());
            for (Arrival arrival : arrivals) {
                long email = arrival.email(mailbox.uidValidity());
                Optional<RenderedEmail> rendered = arrival.rendered();
                if (rendered.isEmpty()) {
                    rows.add(new EmailRow(email, email, new byte[0]));
                } else if (arrival.email().isPresent()) {
                    rows.add(again(email, rendered.get()));
                } else {
                    rows.add(row(email, rendered.get()));
                }
            }
            return rows;
        }

        /** An email that may have been told of before: what was noted then holds. */
        EmailRow again(long email, RenderedEmail rendered) throws StoreException {
            Optional<Long> noted = database.thread(email);
            if (noted.isEmpty()) {
                return row(email, rendered);
            }
            remember(rendered, noted.get());
            return new EmailRow(email, noted.get(), rendered.parts());
        }

        EmailRow row(long email, RenderedEmail rendered) {
            long derived = rendered.derivedThread(email);
            long thread = derived;
            for (Long reference : rendered.references()) {
                Long found = known.get(reference);
                if (found != null) {
                    thread = found;
                    break;
                }
            }
            Long own = rendered.ownId().map(known::get).orElse(null);
            if (thread == derived && own != null) {
                thread = own;
            }
            if (thread != derived) {
                exceptions.put(email, thread);
            }
            remember(rendered, thread);
            return new EmailRow(email, thread, rendered.parts());
        }

        /** Its own id, and that of the message it answers, which may come later. */
        private void remember(RenderedEmail rendered, long thread) {
            rendered.ownId().ifPresent(id -> remember(id, thread));
            if (!rendered.references().isEmpty()) {
                remember(rendered.references().getLast(), thread);
            }
        }

        private void remember(long id, long thread) {
            if (known.putIfAbsent(id, thread) == null) {
                added.put(id, thread);
            }
        }

        /** Notes what cannot be derived, and adds what the index must know. */
        void finish(List<Write> writes) throws StoreException {
            if (!exceptions.isEmpty()) {
                database.addThreads(exceptions);
            }
            if (!added.isEmpty()) {
                writes.add(new Write.PutMessageIds(added));
            }
        }
    }
}
