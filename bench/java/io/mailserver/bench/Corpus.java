package io.mailserver.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/**
 * Mail as people have it, made from a seed: the same number gives the same octets on every machine. About 62 % plain text, 25 % text
 * and HTML, 9 % mailing lists with long threads, 4 % with an attachment; 6 KB on average. Safe for any thread.
 */
final class Corpus {
    /** In the bodies of some messages in a thousand, nowhere else. */
    static final String RARE_WORD = "quintessence";

    /** In some subjects in a hundred. */
    static final String SUBJECT_WORD = "Quarterly";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);
    private static final long FIRST_DATE = 1_600_000_000L;
    private static final int RECEIVED_LINES = 3;
    private static final String[] WORDS = ("the of and to in is that it was for on are as with his they at be this from have or by one had"
            + " not but what all were when we there can an your which their said if do will each"
            + " about how up out them then she many some so"
            + " these would other into has more her two like him see time could no make than first been its who now people my made over did"
            + " down only way find use may water long little very after words called just where most know meeting invoice project release"
            + " server customer contract budget schedule review update question answer report weekend holiday ticket order shipping")
                    .split(" ");
    private static final String[] NAMES =
            ("Anna Berger,Tom Hill,Maria Rossi,Jürgen Weiß,Li Wei,Priya Nair,John Smith,Émile Durand,Sara Cohen,"
            + "Pedro Alves,Olga Petrova,Kenji Sato,Fatima Zahra,Lars Nilsson,Grace Otieno,Carlos Ruiz").split(",");

    private final long seed;

    Corpus(long seed) {
        this.seed = seed;
    }

    /** When message {@code number} was received. */
    Instant date(int number) {
        return Instant.ofEpochSecond(FIRST_DATE + number * 977L);
    }

    /** The octets of message {@code number}, CRLF line ends. */
    byte[] message(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        int kind = random.nextInt(100);
        StringBuilder text = new StringBuilder(8 << 10);
        head(text, random, number, kind >= 87 && kind < 96);
        if (kind < 62) {
            text.append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
            prose(text, random, 400 + random.nextInt(4000), number);
        } else if (kind < 87) {
            alternative(text, random, number);
        } else if (kind < 96) {
            text.append("Content-Type: text/plain; charset=us-ascii; format=flowed\r\n\r\n");
            quoted(text, random, number);
        } else {
            attachment(text, random, number);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void head(StringBuilder text, Random random, int number, boolean list) {
        String date = DATE.format(date(number).atOffset(ZoneOffset.UTC));
        for (int i = 0; i < RECEIVED_LINES; i++) {
            text.append("Received: from relay").append(random.nextInt(90)).append(".example.net (relay.example.net [192.0.2.").append(i + 1)
                    .append("])\r\n\tby mx").append(i).append(".example.org (8.17/8.17) with ESMTPS id ")
                    .append(Long.toHexString(random.nextLong())).append("\r\n\tfor <user1@bench.test>; ").append(date).append("\r\n");
        }
        text.append("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"
                + " d=example.net; s=mail;\r\n\th=from:to:subject:date:message-id;\r\n\tbh=")
                .append(base64(random, 32)).append(";\r\n\tb=").append(base64(random, 256)).append("\r\n");
        text.append("Date: ").append(date).append("\r\nFrom: ").append(person(random)).append("\r\nTo: <user1@bench.test>");
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(",\r\n\t").append(person(random));
        }
        int thread = list ? number - number % 40 : number - number % 3;
        text.append("\r\nSubject: ").append(thread < number ? "Re: " : "").append(random.nextInt(50) == 0 ? SUBJECT_WORD + ' ' : "")
                .append(words(new Random(thread), 3 + thread % 5)).append("\r\nMessage-ID: <").append(number)
                        .append(".bench@example.net>\r\n");
        if (thread < number) {
            text.append("In-Reply-To: <").append(number - 1).append(".bench@example.net>\r\nReferences:");
            for (int parent = Math.max(thread, number - 12); parent < number; parent++) {
                text.append(" <").append(parent).append(".bench@example.net>\r\n");
            }
        }
        if (list) {
            text.append("List-Id: <talk.example.org>\r\nList-Post: <mailto:talk@example.org>\r\nPrecedence: list\r\n");
        }
        text.append("X-Mailer: Bench 1.0\r\nMIME-Version: 1.0\r\n");
    }

    private static void alternative(StringBuilder text, Random random, int number) {
        String boundary = "=_" + Long.toHexString(random.nextLong());
        text.append("Content-Type: multipart/alternative; boundary=\"").append(boundary).append("\"\r\n\r\n--").append(boundary)
                .append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        int size = 800 + random.nextInt(2500);
        prose(text, random, size, number);
        text.append("\r\n--").append(boundary)
                .append("\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body>\r\n");
        for (int i = 0; i < 12; i++) {
            text.append("<p style=\"margin:0;font-family:sans-serif\"><a href=\"https://example.net/").append(random.nextInt(100000))
                    .append("\">\r\n");
            prose(text, random, size / 12, number);
            text.append("</a></p>\r\n");
        }
        text.append("</body></html>\r\n--").append(boundary).append("--\r\n");
    }

    private static void quoted(StringBuilder text, Random random, int number) {
        for (int i = 0; i < 20 + random.nextInt(40); i++) {
            text.append("> ".repeat(random.nextInt(3))).append(words(random, 9)).append("\r\n");
        }
        prose(text, random, 500, number);
        text.append("-- \r\nTalk mailing list\r\nhttps://lists.example.org/talk\r\n");
    }

    private static void attachment(StringBuilder text, Random random, int number) {
        String boundary = "=_" + Long.toHexString(random.nextLong());
        text.append("Content-Type: multipart/mixed; boundary=\"").append(boundary).append("\"\r\n\r\n--").append(boundary)
                .append("\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
        prose(text, random, 600, number);
        text.append("\r\n--").append(boundary).append("\r\nContent-Type: application/pdf; name=\"report-").append(number)
                .append(".pdf\"\r\nContent-Disposition: attachment; filename=\"report-").append(number)
                .append(".pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        byte[] octets = new byte[20_000 + random.nextInt(60_000)];
        random.nextBytes(octets);
        text.append(Base64.getMimeEncoder().encodeToString(octets)).append("\r\n--").append(boundary).append("--\r\n");
    }

    private static void prose(StringBuilder text, Random random, int octets, int number) {
        int end = text.length() + octets;
        while (text.length() < end) {
            text.append(words(random, 11)).append("\r\n");
        }
        if (number % 500 == 7) {
            text.append("The ").append(RARE_WORD).append(" of it.\r\n");
        }
    }

    private static String words(Random random, int count) {
        StringBuilder words = new StringBuilder(count * 7);
        for (int i = 0; i < count; i++) {
            words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }

    private static String person(Random random) {
        String name = NAMES[random.nextInt(NAMES.length)];
        boolean plain = name.chars().allMatch(c -> c < 128);
        String shown = plain ? '"' + name + '"' : "=?utf-8?B?" + Base64.getEncoder()
                .encodeToString(name.getBytes(StandardCharsets.UTF_8)) + "?=";
        return shown + " <person" + random.nextInt(400) + "@example.net>";
    }

    private static String base64(Random random, int octets) {
        byte[] bytes = new byte[octets];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes).replaceAll("(.{70})", "$1\r\n\t");
    }
}
