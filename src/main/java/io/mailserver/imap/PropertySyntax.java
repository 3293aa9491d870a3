package io.mailserver.imap;

import io.mailserver.imap.ImapCommand.SetAcl;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** QUOTA (RFC 9208 §4), METADATA (RFC 5464 §4) and ACL (RFC 4314 §3). */
final class PropertySyntax {
    private static final int MAX_ENTRY_LENGTH = 1024;

    private PropertySyntax() {}

    static ImapCommand quota(ImapVerb verb, ImapCursor cursor) throws ImapSyntaxException {
        String root = cursor.astringText("a quota root");
        if (verb == ImapVerb.GETQUOTA) {
            return new ImapCommand.GetQuota(root);
        }
        cursor.space();
        return new ImapCommand.SetQuota(root, cursor.listOrNone(() -> {
            String resource = cursor.word("a resource");
            cursor.space();
            return new ImapCommand.SetQuota.Limit(resource, cursor.number64());
        }));
    }

    static ImapCommand getMetadata(ImapCursor cursor) throws ImapSyntaxException {
        MetadataOptions options = new MetadataOptions();
        if (cursor.peek() == '(') {
            options.parse(cursor);
            cursor.space();
        }
        String mailbox = cursor.mailbox();
        cursor.space();
        // Not followed: RFC 5464 §5 has options before the mailbox only; its own examples in §4.2.1 have them behind it.
        int start = cursor.position();
        if (cursor.tryOctet('(') && (cursor.tryWord("MAXSIZE") || cursor.tryWord("DEPTH"))) {
            cursor.reset(start);
            options.parse(cursor);
            cursor.space();
        } else {
            cursor.reset(start);
        }
        List<String> entries = cursor.peek() == '(' ? cursor.list(() -> entryName(cursor)) : List.of(entryName(cursor));
        return new ImapCommand.GetMetadata(mailbox, entries, options.maxSize, options.depth);
    }

    /** MAXSIZE and DEPTH. */
    private static final class MetadataOptions {
        private OptionalLong maxSize = OptionalLong.empty();
        private int depth;

        void parse(ImapCursor cursor) throws ImapSyntaxException {
            cursor.octet('(');
            do {
                if (cursor.tryWord("MAXSIZE")) {
                    cursor.space();
                    maxSize = OptionalLong.of(cursor.number());
                } else if (cursor.tryWord("DEPTH")) {
                    cursor.space();
                    depth = depth(cursor);
                } else {
                    throw cursor.bad("The options of GETMETADATA are MAXSIZE and DEPTH");
                }
            } while (cursor.trySpace());
            cursor.octet(')');
        }

        private static int depth(ImapCursor cursor) throws ImapSyntaxException {
            return switch (cursor.word("a depth")) {
                case "0" -> 0;
                case "1" -> 1;
                case "INFINITY" -> Integer.MAX_VALUE;
                default -> throw cursor.bad("DEPTH is 0, 1 or infinity");
            };
        }
    }

    static ImapCommand setMetadata(ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        cursor.space();
        return new ImapCommand.SetMetadata(mailbox, cursor.list(() -> {
            String name = entryName(cursor);
            cursor.space();
            return new ImapCommand.SetMetadata.Entry(name, cursor.nstring8("a value").map(Octets::copyOf));
        }));
    }

    /** RFC 5464 §3.2: US-ASCII, slashes between components, none of them empty, no wildcards; case-insensitive. */
    static String entryName(ImapCursor cursor) throws ImapSyntaxException {
        String name = cursor.astringText("an entry name");
        boolean valid = name.startsWith("/") && !name.endsWith("/") && !name.contains("//") && name.length() <= MAX_ENTRY_LENGTH
                && name.chars().allMatch(c -> c < 0x7f && c != '*' && c != '%');
        String lower = name.toLowerCase(Locale.ROOT);
        if (!valid || !(lower.startsWith("/private/") || lower.startsWith("/shared/"))) {
            throw cursor.bad("An entry is named like /private/comment or /shared/comment");
        }
        return lower;
    }

    static ImapCommand setAcl(ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        cursor.space();
        String identifier = identifier(cursor);
        cursor.space();
        String rights = cursor.astringText("rights");
        SetAcl.RightsChange change = switch (rights.isEmpty() ? ' ' : rights.charAt(0)) {
            case '+' -> SetAcl.RightsChange.ADD;
            case '-' -> SetAcl.RightsChange.REMOVE;
            default -> SetAcl.RightsChange.REPLACE;
        };
        String letters = change == SetAcl.RightsChange.REPLACE ? rights : rights.substring(1);
        if (!letters.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            throw cursor.bad("Rights are lower-case letters: lrswipkxtea");
        }
        return new SetAcl(mailbox, identifier, change, letters);
    }

    static ImapCommand ofIdentifier(ImapVerb verb, ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        cursor.space();
        return new ImapCommand.OfIdentifier(verb, mailbox, identifier(cursor));
    }

    private static String identifier(ImapCursor cursor) throws ImapSyntaxException {
        String identifier = cursor.astringText("an identifier");
        if (identifier.isEmpty()) {
            throw cursor.bad("An identifier cannot be empty");
        }
        return identifier;
    }
}
