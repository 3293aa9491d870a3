package io.mailserver.imap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL of a message of this account or a part of one, as CATENATE takes it (RFC 5092 §5, RFC 4469 §3): {@code
 * /INBOX;UIDVALIDITY=785799047/;UID=113330/;SECTION=1.5.9/;PARTIAL=0.1024}.
 *
 * @param mailbox its name, decoded
 * @param uid 1 to 4,294,967,295
 * @param section {@link Section#MESSAGE} where none is named
 */
public record ImapUrl(String mailbox, OptionalLong uidValidity, long uid, Section section, Optional<ByteRange> partial) {
    private static final Pattern FORM = Pattern.compile("(?i)(?:imap://[^/]*)?/(?<mailbox>[^;]+?)(?:;UIDVALIDITY=(?<validity>\\d{1,10}))?"
            + "/;UID=(?<uid>\\d{1,10})(?:/;SECTION=(?<section>[^;/]+))?(?:/;PARTIAL=(?<first>\\d{1,18})(?:\\.(?<count>\\d{1,18}))?)?");

    /** Reads a URL; empty where it is none of a message here. */
    public static Optional<ImapUrl> parse(String text) {
        Matcher url = FORM.matcher(text);
        if (!url.matches()) {
            return Optional.empty();
        }
        Optional<String> mailbox = decode(url.group("mailbox"));
        Optional<Section> section = url.group("section") == null
                ? Optional.of(Section.MESSAGE)
                : decode(url.group("section")).flatMap(ImapUrl::section);
        long uid = Long.parseLong(url.group("uid"));
        if (mailbox.isEmpty() || section.isEmpty() || uid < 1 || uid > SequenceSet.MAX_NUMBER) {
            return Optional.empty();
        }
        OptionalLong validity = url.group("validity") == null
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(url.group("validity")));
        return Optional.of(new ImapUrl(mailbox.get(), validity, uid, section.get(), partial(url)));
    }

    private static Optional<ByteRange> partial(Matcher url) {
        if (url.group("first") == null) {
            return Optional.empty();
        }
        long count = url.group("count") == null ? Long.MAX_VALUE : Math.max(1, Long.parseLong(url.group("count")));
        return Optional.of(new ByteRange(Long.parseLong(url.group("first")), count));
    }

    private static Optional<Section> section(String text) {
        byte[] octets = ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
        ImapCursor cursor = new ImapCursor(new ImapFrame(octets, octets.length, List.of()), Dialect.PLAIN);
        try {
            Section section = FetchSyntax.section(cursor);
            cursor.end();
            return Optional.of(section);
        } catch (ImapSyntaxException e) {
            return Optional.empty();
        }
    }

    /** RFC 3986 §2.1, as UTF-8. */
    static Optional<String> decode(String text) {
        byte[] octets = new byte[3 * text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return Optional.empty();
            }
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (low < 0) {
                    return Optional.empty();
                }
                octets[length++] = (byte) (16 * high + low);
                i += 2;
            } else {
                octets[length++] = (byte) c;
            }
        }
        String decoded = new String(octets, 0, length, StandardCharsets.UTF_8);
        return decoded.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd) ? Optional.empty() : Optional.of(decoded);
    }
}
