package io.mailserver.dkim;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.simulation.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Messages and keys for the tests of signatures. Keys are made once. */
public final class SignedMail {
    public static final Domain DOMAIN = Domain.parse("example.com").orElseThrow();
    public static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    public static final KeyPair RSA = pair("RSA", 2048);
    public static final KeyPair OTHER_RSA = pair("RSA", 1024);
    public static final KeyPair SMALL_RSA = pair("RSA", 768);
    public static final KeyPair ED25519 = pair("Ed25519", 0);

    public static final String MESSAGE = lines("""
            Received: from a
            From: Alice <alice@example.com>
            To: bob@example.net
            Subject: Hello
             world
            Date: Fri, 11 Jul 2003 21:00:37 -0700

            Hi  Bob,

            see you.

            """);

    private SignedMail() {}

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** LF to CRLF. */
    public static String lines(String text) {
        return text.replace("\n", "\r\n");
    }

    /** A line of a zone: the key at a selector of example.com, after {@code tags} such as {@code "t=s; "}. */
    public static String published(String selector, KeyPair pair, String tags) {
        return record(selector, KeyFiles.keyRecord(pair.getPublic()).replace("k=", tags + "k="));
    }

    /** A line of a zone with any text, in strings of at most 200 octets. */
    public static String record(String selector, String text) {
        StringBuilder out = new StringBuilder(selector + "._domainkey.example.com TXT ( ");
        for (int at = 0; at < text.length(); at += 200) {
            out.append('"').append(text, at, Math.min(text.length(), at + 200)).append("\" ");
        }
        return out.append(text.isEmpty() ? "\"\" )\n" : ")\n").toString();
    }

    public static SigningKey key(String selector, KeyPair pair) {
        return new SigningKey(DOMAIN, DnsName.of(selector), pair.getPrivate());
    }

    public static ByteArrayInputStream stream(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static String sign(String message, SigningKey key, DkimSigner.SigningOptions options) {
        try {
            return new DkimSigner(new ManualTime(NOW)).sign(stream(message), key, options) + message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Signs with a tag list of one's own, in which {@code bh=} and {@code b=} are filled in where they say {@code ?}; puts the field on
     * top.
     */
    public static String signWith(String tags, String message, KeyPair pair) {
        try {
            TagList asked = TagList.parse(tags);
            String[] kinds = asked.value("c").orElse("simple/simple").split("/", 2);
            Canonicalization header = Canonicalization.ofWord(kinds[0]).orElse(Canonicalization.SIMPLE);
            Canonicalization body = Canonicalization.ofWord(kinds.length > 1 ? kinds[1] : "simple").orElse(Canonicalization.SIMPLE);
            OptionalLong limit = asked.value("l").filter(digits -> digits.matches("[0-9]{1,9}"))
                    .map(digits -> OptionalLong.of(Long.parseLong(digits))).orElse(OptionalLong.empty());
            BodyHashes.Wanted wanted = new BodyHashes.Wanted(body, limit);
            HeaderBlock.Split split = HeaderBlock.split(stream(message), HeaderBlock.Limits.DEFAULTS);
            String hash = Base64.getEncoder().encodeToString(BodyHashes.of(split.body(), List.of(wanted)).sha256(wanted));
            String field = "DKIM-Signature: " + tags.replace("bh=?", "bh=" + hash) + "\r\n";
            HeaderField unsigned = HeaderField.of(field);
            TagList filled = TagList.parse(new String(unsigned.valueOctets(), StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            List<String> names = TagList.elements(asked.value("h").orElse("from"));
            new SignedFields(split.header()).canonicalize(
                    names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), unsigned, header, data);
            DkimSignature.canonicalizeUnsigned(unsigned, filled, header, data);
            byte[] signature = SigningAlgorithm.forKey(pair.getPrivate()).sign(pair.getPrivate(), data.toByteArray());
            return field.replace("b=?", "b=" + Base64.getEncoder().encodeToString(signature)) + message;
        } catch (TagList.SyntaxException | IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static List<DkimResult> verify(String message, Resolver resolver) {
        try {
            return new DkimVerifier(resolver, new ManualTime(NOW), DkimLimits.DEFAULTS).verify(stream(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
