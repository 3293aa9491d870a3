package io.mailserver.mime;

import java.util.List;

/** One entry of an address list (RFC 5322 §3.4). */
public sealed interface MailAddress {
    /**
     * @param name the phrase or comment that names it, unquoted, encoded words as they are; empty if there is none
     * @param route the source route of RFC 5322 §4.4, such as {@code @a,@b}; empty nearly always
     * @param localPart unquoted; empty only where the entry has nothing but a name
     * @param domain as written, a literal with its brackets; empty where there is none
     */
    record Mailbox(String name, String route, String localPart, String domain) implements MailAddress {
        /** The name for people. */
        public String displayName() {
            return HeaderText.decodeWords(name);
        }

        /** {@code local@domain}, not quoted: for comparing and showing. The local part alone where there is no domain. */
        public String address() {
            return domain.isEmpty() ? localPart : localPart + '@' + domain;
        }
    }

    /**
     * {@code name: member, member;}.
     *
     * @param name as of a mailbox
     */
    record Group(String name, List<Mailbox> members) implements MailAddress {
        public Group {
            members = List.copyOf(members);
        }

        /** The name for people. */
        public String displayName() {
            return HeaderText.decodeWords(name);
        }
    }
}
