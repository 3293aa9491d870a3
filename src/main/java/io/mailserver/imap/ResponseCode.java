package io.mailserver.imap;

import java.util.List;

/** What a program reads of a status response: the inside of {@code […]} (RFC 9051 §7.1, RFC 5530 §3). */
public sealed interface ResponseCode {
    /** Codes without arguments. */
    enum Plain implements ResponseCode {
        ALERT,
        ALREADYEXISTS,
        AUTHENTICATIONFAILED,
        AUTHORIZATIONFAILED,
        CANNOT,
        CLIENTBUG,
        CLOSED,
        COMPRESSIONACTIVE,
        CONTACTADMIN,
        CORRUPTION,
        EXPIRED,
        EXPUNGEISSUED,
        HASCHILDREN,
        INUSE,
        LIMIT,
        NONEXISTENT,
        NOMODSEQ,
        NOPERM,
        NOTSAVED,
        OVERQUOTA,
        PARSE,
        PRIVACYREQUIRED,
        READ_ONLY,
        READ_WRITE,
        SERVERBUG,
        TOOBIG,
        TRYCREATE,
        UIDNOTSTICKY,
        UNAVAILABLE,
        UNKNOWN_CTE,
        USEATTR,
        /** RFC 5465 §5.8. */
        NOTIFICATIONOVERFLOW,
        /** RFC 5255 §4.9. */
        BADCOMPARATOR,
        /** RFC 9586 §3: after ENABLE UIDONLY there are no sequence numbers. */
        UIDREQUIRED,
        /** RFC 10022: batches of so few messages are not made. */
        TOOSMALL
    }

    /** Codes with one number. */
    record WithNumber(Name name, long number) implements ResponseCode {
        /** Which. */
        public enum Name {
            HIGHESTMODSEQ,
            UIDNEXT,
            UIDVALIDITY,
            /** RFC 3501 §7.1. */
            UNSEEN,
            /** RFC 7889 §3.2 (in CAPABILITY and STATUS elsewhere). */
            APPENDLIMIT,
            /** METADATA LONGENTRIES (RFC 5464 §4.2.1). */
            METADATA_LONGENTRIES,
            /** METADATA MAXSIZE (RFC 5464 §4.3). */
            METADATA_MAXSIZE
        }
    }

    /** METADATA TOOMANY, METADATA NOPRIVATE (RFC 5464 §4.3). */
    enum Metadata implements ResponseCode {
        TOOMANY,
        NOPRIVATE
    }

    /** What the server can now. */
    record Capability(List<String> names) implements ResponseCode {
        public Capability {
            names = List.copyOf(names);
        }
    }

    /** RFC 9051 §7.1: flags that a client can change for good; {@code \*} for new keywords. */
    record PermanentFlags(List<String> flags) implements ResponseCode {
        public PermanentFlags {
            flags = List.copyOf(flags);
        }
    }

    /** The charsets of SEARCH that there are. */
    record BadCharset(List<String> charsets) implements ResponseCode {
        public BadCharset {
            charsets = List.copyOf(charsets);
        }
    }

    /** The events of NOTIFY that there are (RFC 5465 §5). */
    record BadEvent(List<String> events) implements ResponseCode {
        public BadEvent {
            events = List.copyOf(events);
        }
    }

    /**
     * Where messages were appended (RFC 9051 §7.1).
     *
     * @param uids written as a set, in the order of the messages
     */
    record AppendUid(long uidValidity, String uids) implements ResponseCode {}

    /** Where messages were copied: two sets of equal size, in the order of the messages. */
    record CopyUid(long uidValidity, String from, String to) implements ResponseCode {}

    /** The messages that UNCHANGEDSINCE kept from being changed (RFC 7162 §3.1.3). */
    record Modified(String numbers) implements ResponseCode {}

    /** RFC 8474 §4. */
    record MailboxId(String id) implements ResponseCode {}

    /** How far a command has come, which can take long (RFC 9585 §4). */
    record InProgress(String tag, long done, long total) implements ResponseCode {}

    /** A search names a filter that there is not (RFC 5466 §3.1). */
    record UndefinedFilter(String name) implements ResponseCode {}

    /** How URLs can be signed (RFC 4467 §8). */
    record UrlMechanisms(List<String> names) implements ResponseCode {
        public UrlMechanisms {
            names = List.copyOf(names);
        }
    }

    /** The search of that tag is not kept up to date (RFC 5267 §4.3.1). */
    record NoUpdate(String tag) implements ResponseCode {}

    /** The URL of CATENATE that could not be read (RFC 4469 §4). */
    record BadUrl(String url) implements ResponseCode {}

}
