package io.mailserver.imap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One command of a client, its syntax checked; whether it may come now is for the session. Mailbox names and patterns are Unicode, as
 * the client wrote them otherwise: INBOX in any case, doubled or trailing separators not removed.
 */
public sealed interface ImapCommand {
    ImapVerb verb();

    /** Whether it came with UID in front: its numbers are UIDs, and so are those of its answer. */
    default boolean uid() {
        return false;
    }

    /** Commands without arguments. */
    record Simple(ImapVerb verb) implements ImapCommand {}

    /** RFC 2971 §3.1; empty for NIL. */
    record Id(List<Field> fields) implements ImapCommand {
        /** What a client says of itself: never trusted. */
        public record Field(String name, Optional<String> value) {}

        public Id {
            fields = List.copyOf(fields);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.ID;
        }
    }

    /**
     * RFC 9051 §6.2.2.
     *
     * @param mechanism its name in upper case
     * @param initialResponse in base64, {@code =} for the empty one (RFC 4959 §3); a secret
     */
    record Authenticate(String mechanism, Optional<String> initialResponse) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.AUTHENTICATE;
        }

        /** Says nothing of the response. */
        @Override
        public String toString() {
            return "Authenticate[" + mechanism + "]";
        }
    }

    /** RFC 9051 §6.2.3. */
    record Login(String user, String password) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.LOGIN;
        }

        /** Says nothing of the password. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /** RFC 5161 §3.1; names in upper case, known ones and others. */
    record Enable(List<String> capabilities) implements ImapCommand {
        public Enable {
            capabilities = List.copyOf(capabilities);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.ENABLE;
        }
    }

    /**
     * SELECT or EXAMINE.
     *
     * @param verb which of them
     * @param condstore RFC 7162 §3.1.8
     */
    record Select(ImapVerb verb, String mailbox, boolean condstore, Optional<Qresync> qresync) implements ImapCommand {
        /** Whether it was EXAMINE. */
        public boolean readOnly() {
            return verb == ImapVerb.EXAMINE;
        }
    }

    /**
     * CREATE.
     *
     * @param mailbox with a separator at its end where the client says that it is to hold others (RFC 9051 §6.3.4)
     * @param uses attributes such as {@code \Sent} (RFC 6154 §3)
     */
    record Create(String mailbox, List<String> uses) implements ImapCommand {
        public Create {
            uses = List.copyOf(uses);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.CREATE;
        }
    }

    record Rename(String from, String to) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.RENAME;
        }
    }

    /** DELETE, SUBSCRIBE, UNSUBSCRIBE, GETQUOTAROOT, GETACL, MYRIGHTS: commands whose one argument is a mailbox. */
    record OfMailbox(ImapVerb verb, String mailbox) implements ImapCommand {}

    /**
     * LIST.
     *
     * @param extended whether anything but reference and one pattern was given (RFC 5258 §3)
     * @param status items of RETURN (STATUS (…)) (RFC 5819 §2); empty if not asked
     * @param metadata entries of RETURN (METADATA (…)) (RFC 9590 §3); empty if not asked
     */
    record ListMailboxes(
            boolean extended,
            Set<ListOptions.Select> select,
            String reference,
            List<String> patterns,
            Set<ListOptions.Return> returns,
            List<StatusItem> status,
            List<String> metadata)
            implements ImapCommand {
        public ListMailboxes {
            select = Set.copyOf(select);
            patterns = List.copyOf(patterns);
            returns = Set.copyOf(returns);
            status = List.copyOf(status);
            metadata = List.copyOf(metadata);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.LIST;
        }
    }

    /** RFC 3501 §6.3.9. */
    record Lsub(String reference, String pattern) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.LSUB;
        }
    }

    record Status(String mailbox, List<StatusItem> items) implements ImapCommand {
        public Status {
            items = List.copyOf(items);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.STATUS;
        }
    }

    /** APPEND of one message or more (RFC 3502 §6.3.11). */
    record Append(String mailbox, List<AppendMessage> messages) implements ImapCommand {
        public Append {
            messages = List.copyOf(messages);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.APPEND;
        }
    }

    /** RFC 4978 §3; the mechanism in upper case. */
    record Compress(String mechanism) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.COMPRESS;
        }
    }

    /** RFC 9208 §4.1.1. */
    record GetQuota(String root) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.GETQUOTA;
        }
    }

    /** RFC 9208 §4.1.3. */
    record SetQuota(String root, List<Limit> limits) implements ImapCommand {
        /** A resource's name in upper case, and its new limit in the resource's unit. */
        public record Limit(String resource, long limit) {}

        public SetQuota {
            limits = List.copyOf(limits);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.SETQUOTA;
        }
    }

    /**
     * RFC 5464 §4.2.
     *
     * @param mailbox empty: the server's own
     * @param entries in lower case, such as {@code /private/comment}
     * @param maxSize values with more octets are not told
     * @param depth 0, 1, or {@link Integer#MAX_VALUE} for infinity
     */
    record GetMetadata(String mailbox, List<String> entries, OptionalLong maxSize, int depth) implements ImapCommand {
        public GetMetadata {
            entries = List.copyOf(entries);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.GETMETADATA;
        }
    }

    /**
     * RFC 5464 §4.3.
     *
     * @param mailbox empty: the server's own
     */
    record SetMetadata(String mailbox, List<Entry> entries) implements ImapCommand {
        /** A name in lower case and its new value, as octets that may hold anything; no value: remove it. */
        public record Entry(String name, Optional<Octets> value) {}

        public SetMetadata {
            entries = List.copyOf(entries);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.SETMETADATA;
        }
    }

    /** RFC 4314 §3.1. */
    record SetAcl(String mailbox, String identifier, RightsChange change, String rights) implements ImapCommand {
        /** What becomes of the rights there were. */
        public enum RightsChange {
            REPLACE,
            ADD,
            REMOVE
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.SETACL;
        }
    }

    /** DELETEACL or LISTRIGHTS (RFC 4314 §3.2, §3.4). */
    record OfIdentifier(ImapVerb verb, String mailbox, String identifier) implements ImapCommand {}

    /**
     * RFC 5465 §3.
     *
     * @param status whether to tell the state of those mailboxes now
     * @param events empty: NONE
     */
    record Notify(boolean status, List<NotifyEvents> events) implements ImapCommand {
        public Notify {
            events = List.copyOf(events);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.NOTIFY;
        }
    }

    /**
     * A search in several mailboxes (RFC 7377 §2.1).
     *
     * @param in empty: the selected one
     */
    record MultiSearch(List<MailboxFilter> in, SearchReturn returns, SearchKey key) implements ImapCommand {
        public MultiSearch {
            in = List.copyOf(in);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.ESEARCH;
        }
    }

    /** RFC 5255 §3.2; empty: list them. */
    record Language(List<String> ranges) implements ImapCommand {
        public Language {
            ranges = List.copyOf(ranges);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.LANGUAGE;
        }
    }

    /** GENURLAUTH, RESETKEY or URLFETCH with their arguments in order (RFC 4467 §7); signed URLs are secrets. */
    record UrlAuth(ImapVerb verb, List<String> arguments) implements ImapCommand {
        public UrlAuth {
            arguments = List.copyOf(arguments);
        }

        /** Says nothing of the URLs. */
        @Override
        public String toString() {
            return "UrlAuth[" + verb + "]";
        }
    }

    /** EXPUNGE; with UIDs as UID EXPUNGE (RFC 9051 §6.4.9). */
    record Expunge(Optional<SequenceSet> uids) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.EXPUNGE;
        }

        @Override
        public boolean uid() {
            return uids.isPresent();
        }
    }

    /**
     * SEARCH.
     *
     * @param returns empty: answered by SEARCH for a client of RFC 3501, else by ESEARCH
     */
    record Search(boolean uid, Optional<SearchReturn> returns, SearchKey key) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.SEARCH;
        }
    }

    /**
     * RFC 5256 §3.
     *
     * @param returns empty: answered by SORT, else by ESEARCH (RFC 5267 §3)
     */
    record Sort(boolean uid, Optional<SearchReturn> returns, List<SortKey> by, SearchKey key) implements ImapCommand {
        public Sort {
            by = List.copyOf(by);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.SORT;
        }
    }

    /** RFC 5256 §3; the algorithm in upper case, known or not. */
    record ThreadMessages(boolean uid, String algorithm, SearchKey key) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.THREAD;
        }
    }

    /**
     * FETCH.
     *
     * @param items not empty, no two alike
     * @param changedSince RFC 7162 §3.1.4.1
     * @param vanished whether to tell what was expunged since (RFC 7162 §3.2.6)
     * @param partial RFC 9394 §3.3
     */
    record Fetch(
            boolean uid,
            SequenceSet numbers,
            List<FetchItem> items,
            OptionalLong changedSince,
            boolean vanished,
            Optional<SearchReturn.Partial> partial)
            implements ImapCommand {
        public Fetch {
            items = List.copyOf(items);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.FETCH;
        }
    }

    /**
     * STORE.
     *
     * @param silent whether the client does not want to be told the flags that it set
     * @param flags as {@code \Seen} or {@code $Junk}, without doubles; system flags in their usual case
     * @param unchangedSince RFC 7162 §3.1.3
     */
    record Store(
            boolean uid, SequenceSet numbers, Change change, boolean silent, List<String> flags, OptionalLong unchangedSince)
            implements ImapCommand {
        /** What becomes of the flags there were. */
        public enum Change {
            REPLACE,
            ADD,
            REMOVE
        }

        public Store {
            flags = List.copyOf(flags);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.STORE;
        }
    }

    /** COPY or MOVE. */
    record Transfer(ImapVerb verb, boolean uid, SequenceSet numbers, String mailbox) implements ImapCommand {}

    /** RFC 8508 §3.1; {@code number} may be {@link SequenceSet#STAR}. */
    record Replace(boolean uid, long number, String mailbox, AppendMessage message) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.REPLACE;
        }
    }

    /**
     * UIDBATCHES (RFC 10022).
     *
     * @param size messages in a batch
     * @param first the first batch wanted, from 1; the first has the newest messages
     * @param last the last batch wanted, perhaps beyond those there are
     */
    record UidBatches(long size, long first, long last) implements ImapCommand {
        @Override
        public ImapVerb verb() {
            return ImapVerb.UIDBATCHES;
        }
    }

    /** RFC 5267 §4.3.3. */
    record CancelUpdate(List<String> tags) implements ImapCommand {
        public CancelUpdate {
            tags = List.copyOf(tags);
        }

        @Override
        public ImapVerb verb() {
            return ImapVerb.CANCELUPDATE;
        }
    }
}
