package io.mailserver.delivery;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Content;
import io.mailserver.base.SplicedContent;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.smtp.Client;
import io.mailserver.spam.ScanResult;
import java.io.ByteArrayOutputStream;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A message without the Authentication-Results fields that bear our name and are not ours (RFC 8601 §5): whoever reads it would believe
 * them. All other octets stay as they are, and with them all signatures, of which none that is any good covers such a field.
 */
final class WithoutImpostors {
    private WithoutImpostors() {}

    /**
     * The message to be stored.
     *
     * @param content outlives what is returned
     * @param id the name under which we write results
     * @param removals what scanners of the operator's want out
     */
    static Content of(HeaderBlock header, Content content, Client client, String id, List<ScanResult.Removal> removals) {
        // What comes by LMTP was taken in by a mail server of ours, which may share our name.
        Set<HeaderField> out = new LinkedHashSet<>(
                client.service() == Client.Service.LMTP ? List.of() : AuthenticationResults.impostors(header, id));
        for (ScanResult.Removal removal : removals) {
            header.all(removal.name()).stream().skip(removal.occurrence() - 1L).findFirst().ifPresent(out::add);
        }
        List<HeaderField> impostors = out.stream().sorted(Comparator.comparingInt(HeaderField::start)).toList();
        if (impostors.isEmpty()) {
            return content;
        }
        byte[] octets = header.octets();
        ByteArrayOutputStream kept = new ByteArrayOutputStream(octets.length);
        long bareLineFeeds = 0;
        int at = 0;
        for (HeaderField impostor : impostors) {
            kept.write(octets, at, impostor.start() - at);
            bareLineFeeds += bareLineFeeds(octets, impostor.start(), impostor.end());
            at = impostor.end();
        }
        kept.write(octets, at, octets.length - at);
        return new SplicedContent(kept.toByteArray(), content, octets.length, bareLineFeeds);
    }

    private static long bareLineFeeds(byte[] octets, int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) {
                count++;
            }
        }
        return count;
    }
}
