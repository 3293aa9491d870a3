package io.mailserver.queue;

import io.mailserver.base.OctetContent;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.SevenBit;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtpclient.MessageShape;
import io.mailserver.smtpclient.OutgoingMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a message fit for a server that takes 7 bits and short lines only, and signs it anew where we had signed it: what others signed is
 * never touched. Safe for use by any thread; one message at a time, because it is held in memory.
 */
final class Downgrade {
    /** Larger ones are not converted: servers without 8BITMIME are rare, and memory is not for them. */
    private static final int MAX_OCTETS = 16 << 20;

    private static final String SIGNATURE = "DKIM-Signature";
    private static final Pattern SIGNING_DOMAIN = Pattern.compile("(?:^|;)\\s*d\\s*=\\s*([^;\\s]+)");

    private final Notices.Signer signer;
    private final Semaphore oneAtATime = new Semaphore(1);

    Downgrade(Notices.Signer signer) {
        this.signer = signer;
    }

    /**
     * The message in 7 bits; empty where it cannot be had.
     *
     * @param ours whether one of our users sent it, so that it was signed here with the author's right
     */
    Optional<OutgoingMessage> of(OutgoingMessage message, boolean ours) throws IOException {
        if (message.content().size() > MAX_OCTETS) {
            return Optional.empty();
        }
        oneAtATime.acquireUninterruptibly();
        try (InputStream in = message.content().open()) {
            Optional<byte[]> converted = SevenBit.of(in.readAllBytes()).flatMap(octets -> signed(octets, ours));
            if (converted.isEmpty()) {
                return Optional.empty();
            }
            OctetContent content = new OctetContent(converted.get());
            return Optional.of(message.with(MailParameters.Body.SEVEN_BIT, content, MessageShape.of(content)));
        } finally {
            oneAtATime.release();
        }
    }

    private Optional<byte[]> signed(byte[] octets, boolean ours) {
        HeaderBlock header = HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS);
        boolean sealed = header.fields().stream().anyMatch(field -> field.lowerName().startsWith("arc-"));
        Set<String> before = signers(header);
        if (before.isEmpty() && !sealed) {
            return Optional.of(octets);
        }
        if (sealed || !ours || header.truncated()) {
            return Optional.empty();
        }
        byte[] again = signer.sign(without(header, octets));
        // A signature of somebody else's, which the author's own program made perhaps, would be lost.
        return signers(HeaderBlock.parse(again, HeaderBlock.Limits.DEFAULTS)).containsAll(before) ? Optional.of(again) : Optional.empty();
    }

    private static byte[] without(HeaderBlock header, byte[] octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length);
        int at = 0;
        for (HeaderField field : header.fields()) {
            if (field.is(SIGNATURE)) {
                out.write(octets, at, field.start() - at);
                at = field.end();
            }
        }
        out.write(octets, at, octets.length - at);
        return out.toByteArray();
    }

    private static Set<String> signers(HeaderBlock header) {
        Set<String> domains = new HashSet<>();
        for (HeaderField field : header.all(SIGNATURE)) {
            Matcher domain = SIGNING_DOMAIN.matcher(field.text());
            domains.add(domain.find() ? domain.group(1).toLowerCase(Locale.ROOT) : "");
        }
        return domains;
    }
}
