package io.mailserver.imapserver;

import io.mailserver.store.MailboxId;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that sign URLs of messages, each of one mailbox, by the mechanism INTERNAL (RFC 4467 §5): HMAC-SHA-256 of the URL up to the
 * mechanism. They lie among the annotations of the mailbox in {@code account.db}, under a name that no client can name, and end with the
 * mailbox.
 */
final class UrlKeys {
    /** The one mechanism. */
    static final String MECHANISM = "INTERNAL";

    /** Two sessions that make the first key at once make two, and both count: no URL that was given out is wrong. */
    private static final String ENTRY = "/server/urlauth";

    private static final int KEY_OCTETS = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mailboxes mailboxes;

    UrlKeys(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** The token of a URL; the first one of a mailbox makes its key. */
    String sign(MailboxId mailbox, String rump) throws StoreException {
        Map<String, byte[]> keys = mailboxes.metadata(Optional.of(mailbox), ENTRY);
        if (!keys.isEmpty()) {
            return token(keys.values().iterator().next(), rump);
        }
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_OCTETS];
        random.nextBytes(key);
        String entry = ENTRY + "/" + Long.toHexString(random.nextLong());
        mailboxes.setMetadata(Optional.of(mailbox), Map.of(entry, Optional.of(key)));
        return token(key, rump);
    }

    /** Whether the token is the URL's; takes as long for one that nearly is. */
    boolean isSigned(MailboxId mailbox, String rump, String token) throws StoreException {
        boolean signed = false;
        for (byte[] key : mailboxes.metadata(Optional.of(mailbox), ENTRY).values()) {
            signed |= MessageDigest.isEqual(
                    token(key, rump).getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
        }
        return signed;
    }

    /** No URL of the mailbox that was signed before holds any more. */
    void reset(MailboxId mailbox) throws StoreException {
        Map<String, Optional<byte[]>> none = new HashMap<>();
        mailboxes.metadata(Optional.of(mailbox), ENTRY).keySet().forEach(entry -> none.put(entry, Optional.empty()));
        if (!none.isEmpty()) {
            mailboxes.setMetadata(Optional.of(mailbox), none);
        }
    }

    private static String token(byte[] key, String rump) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().withUpperCase().formatHex(mac.doFinal(rump.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
