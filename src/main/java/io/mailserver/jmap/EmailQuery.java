package io.mailserver.jmap;

import io.mailserver.jmap.EmailFilter.Answer;
import io.mailserver.mime.MimeStructure;
import io.mailserver.search.MailboxSearch;
import io.mailserver.search.Query;
import io.mailserver.store.AccountEmails;
import io.mailserver.store.EmailId;
import io.mailserver.store.EmailParts;
import io.mailserver.store.EmailThread;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Email/query and what Email/queryChanges needs (RFC 8621 §4.4, §4.5). */
final class EmailQuery implements JmapType.Querier {
    private static final int BATCH = 500;

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return arguments.bool("collapseThreads", false);
    }

    @Override
    public boolean immutable(@Nullable JsonNode filter, List<JsonNode> sort, Object options) {
        try {
            return !EmailFilter.of(filter).mutable() && !EmailOrder.of(sort).mutable() && options.equals(false);
        } catch (MethodException e) {
            throw new IllegalArgumentException("asked after the query", e);
        }
    }

    @Override
    public JmapType.Result query(JmapAccount account, @Nullable JsonNode filter, List<JsonNode> sort, Object options)
            throws MethodException, StoreException {
        EmailFilter conditions = EmailFilter.of(filter);
        EmailOrder order = EmailOrder.of(sort);
        Optional<MailboxId> mailbox = onlyMailbox(filter);
        List<EmailFilter> undecided = new ArrayList<>();
        conditions.addUndecided(undecided);
        Findings findings = undecided.isEmpty() ? Findings.NONE : look(account, conditions, undecided, mailbox);
        Map<EmailId, Object[]> rows = order.needsRows()
                ? order.rows(account, candidates(account, conditions, findings, mailbox))
                : Map.of();
        return account.emails().read(view -> {
            List<StoredEmail> found = new ArrayList<>();
            forEach(view, mailbox, email -> {
                if (conditions.answer(email, findings) == Answer.YES) {
                    found.add(email);
                }
            });
            order.sort(found, rows);
            List<StoredEmail> shown = options.equals(true) ? collapsed(found) : found;
            long[] ids = shown.stream().mapToLong(email -> email.id().number()).toArray();
            return new JmapType.Result(State.of(view.emailState()).toString(), new Ids(ids));
        });
    }

    /** Ids that become texts when they are asked for. */
    private static final class Ids extends AbstractList<String> {
        private final long[] numbers;

        Ids(long[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public String get(int index) {
            return new EmailId(numbers[index]).toString();
        }

        @Override
        public int size() {
            return numbers.length;
        }

        @Override
        public int indexOf(@Nullable Object wanted) {
            long number = wanted instanceof String text ? EmailId.parse(text).map(EmailId::number).orElse(0L) : 0;
            for (int i = 0; i < numbers.length && number != 0; i++) {
                if (numbers[i] == number) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** The first email of each thread (RFC 8621 §4.4.3). */
    private static List<StoredEmail> collapsed(List<StoredEmail> emails) {
        Set<EmailThread> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<StoredEmail> first = new ArrayList<>();
        for (StoredEmail email : emails) {
            if (seen.add(email.thread())) {
                first.add(email);
            }
        }
        return first;
    }

    /** The only mailbox in which emails can be that fit, if there is one. */
    private static Optional<MailboxId> onlyMailbox(@Nullable JsonNode filter) {
        if (filter == null) {
            return Optional.empty();
        }
        if (filter.path("inMailbox").isString()) {
            return MailboxId.parse(filter.path("inMailbox").stringValue());
        }
        if (filter.path("operator").stringValue("").equals("AND")) {
            for (JsonNode part : filter.path("conditions")) {
                Optional<MailboxId> only = onlyMailbox(part);
                if (only.isPresent()) {
                    return only;
                }
            }
        }
        return Optional.empty();
    }

    private static void forEach(
            AccountEmails.View view, Optional<MailboxId> mailbox, Consumer<StoredEmail> consumer) {
        if (mailbox.isPresent()) {
            view.forEachIn(mailbox.get(), consumer);
        } else {
            view.forEach(consumer);
        }
    }

    private static List<StoredEmail.State> candidates(
            JmapAccount account, EmailFilter conditions, Findings findings, Optional<MailboxId> mailbox) throws StoreException {
        return account.emails().read(view -> {
            List<StoredEmail.State> fit = new ArrayList<>();
            forEach(view, mailbox, email -> {
                if (conditions.answer(email, findings) == Answer.YES) {
                    fit.add(email.state());
                }
            });
            return fit;
        });
    }

    /** What was found in texts of the emails that were in question; those that came since do not fit: they come with the next state. */
    private static final class Findings implements EmailFilter.Texts {
        /** Nothing was looked at. Never changed. */
        static final Findings NONE = new Findings();

        private final Set<Long> looked = new HashSet<>();
        private final IdentityHashMap<EmailFilter, Set<Long>> found = new IdentityHashMap<>();

        @Override
        public Optional<Boolean> holds(EmailFilter condition, StoredEmail email) {
            long number = email.id().number();
            Set<Long> holding = found.get(condition);
            return holding == null || !looked.contains(number) ? Optional.empty() : Optional.of(holding.contains(number));
        }
    }

    private static Findings look(
            JmapAccount account, EmailFilter conditions, List<EmailFilter> undecided, Optional<MailboxId> mailbox)
            throws StoreException {
        Map<MailboxId, UidSet.Builder> places = new HashMap<>();
        List<StoredEmail.State> inQuestion = new ArrayList<>();
        account.emails().read(view -> {
            forEach(view, mailbox, email -> {
                if (conditions.answer(email, Findings.NONE) == Answer.UNKNOWN) {
                    inQuestion.add(email.state());
                }
            });
            return null;
        });
        Findings findings = new Findings();
        for (StoredEmail.State state : inQuestion) {
            StoredEmail.Place place = state.places().getFirst();
            findings.looked.add(state.id().number());
            places.computeIfAbsent(place.mailbox(), _ -> new UidSet.Builder()).add(place.uid());
        }
        for (EmailFilter condition : undecided) {
            Set<Long> holding = new HashSet<>();
            switch (condition) {
                case EmailFilter.Text text -> search(account, text.query(), places, holding);
                case EmailFilter.Attachment attachment -> attachments(account, attachment.wanted(), inQuestion, holding);
                default -> throw new IllegalStateException("a look at the email decides it");
            }
            findings.found.put(condition, holding);
        }
        return findings;
    }

    private static void search(JmapAccount account, Query query, Map<MailboxId, UidSet.Builder> places, Set<Long> holding)
            throws StoreException {
        for (Map.Entry<MailboxId, UidSet.Builder> place : places.entrySet()) {
            try {
                Mailbox mailbox = account.mail().mailbox(place.getKey());
                MessageList list = mailbox.messages();
                Query here = new Query.And(List.of(new Query.Uids(place.getValue().build()), query));
                new MailboxSearch(mailbox, list, account.services().searchIndexes().apply(account.key()), MailboxSearch.Progress.NONE)
                        .find(here)
                        .forEach(uid -> holding.add(list.emailId(list.indexOf(uid)).number()));
            } catch (StoreException e) {
                if (e.reason() != StoreException.Cause.NO_SUCH_MAILBOX) {
                    throw e;
                }
            } catch (IOException e) {
                throw new StoreException(StoreException.Cause.UNAVAILABLE, "Messages cannot be read now", e);
            }
        }
    }

    private static void attachments(JmapAccount account, boolean wanted, List<StoredEmail.State> emails, Set<Long> holding)
            throws StoreException {
        for (int from = 0; from < emails.size(); from += BATCH) {
            Map<EmailId, EmailParts> parts = account.emails().parts(emails.subList(from, Math.min(emails.size(), from + BATCH)));
            parts.forEach((id, known) -> {
                boolean has = MimeStructure.decode(known.structure()).map(root -> new BodyParts(root).hasAttachment()).orElse(false);
                if (has == wanted) {
                    holding.add(id.number());
                }
            });
        }
    }

    @Override
    public Optional<Set<String>> touched(JmapAccount account, long state, Object options) throws StoreException {
        return account.emails().read(view -> {
            Optional<List<AccountEmails.EmailChange>> changes = view.emailChanges(state);
            if (changes.isEmpty()) {
                return Optional.empty();
            }
            Set<String> touched = new LinkedHashSet<>();
            for (AccountEmails.EmailChange change : changes.get()) {
                touched.add(change.email().toString());
                // Conditions on threads, and which email stands for its thread, depend on the others in it.
                view.thread(change.thread()).ifPresent(
                        thread -> thread.emails().forEach(email -> touched.add(email.id().toString())));
            }
            return Optional.of(touched);
        });
    }
}
