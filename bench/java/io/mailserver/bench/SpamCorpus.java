package io.mailserver.bench;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.spam.Sender;
import io.mailserver.spf.SpfVerdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Mail made from seeds, written from what such mail is like and not from what the filter looks for: letters of people and firms in five
 * languages, lists, newsletters, notices of shops and services; and junk of the known kinds, some of it well made. Equal seeds give equal
 * mail. What a message says is put together from {@link SpamTexts}; names, domains, sums and how its sender is known vary with it.
 */
final class SpamCorpus {
    private static final Set<String> OWN = Set.of("example.com");
    private static final String[] FIRST = words(
            "Anna Ben Clara David Elif Felix Giulia Hugo Ines Jonas Karin Liam Marta Nils Olga Pedro Rosa "
            + "Sven Teresa Uwe Vera Wim Yara Zoe Mohammed Aiko Wei Ngozi");
    private static final String[] LAST = words(
            "Becker Costa Dubois Eriksen Fischer Garcia Hansen Ivanov Jansen Keller Lopez Meyer Novak Okafor "
            + "Peters Rossi Silva Tanaka Usman Vogel Weber Young Zhang Smith");
    private static final String[] SYLLABLES = words(
            "al ber cor dan el fin gar hol in jet kal lum mar nor os pra qui ros sol tan ul ver wex yor "
            + "zen tri no ka mi ta");
    private static final String[] TLDS = words("com net org de fr es it co.uk eu io");
    private static final String[] CHEAP_TLDS = words("com top xyz icu info site online shop ru club net biz");

    private final Random random;
    private final SpamTexts texts;

    SpamCorpus(long seed) {
        this.random = new Random(seed);
        this.texts = new SpamTexts(random);
    }

    /**
     * One message.
     *
     * @param kind for people, such as {@code phishing}
     * @param known what SPF, DKIM and DMARC say of its sender
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sample(byte[] message, boolean spam, String kind, Sender known, String mailFrom) {}

    /** So many of one sort, of all its kinds. */
    List<Sample> make(int count, boolean spam) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(spam ? spam(i) : ham(i));
        }
        return samples;
    }

    private Sample ham(int number) {
        SpamTexts.Text text = texts.ham(number);
        String domain = text.kind().equals("personal") && random.nextInt(3) == 0 ? one("gmail.com", "gmx.de", "orange.fr", "outlook.com")
                : domain(TLDS);
        String person = one(FIRST) + ' ' + one(LAST);
        boolean bulk = text.kind().equals("newsletter") || text.kind().equals("notice");
        String name = bulk ? capital(domain.substring(0, domain.indexOf('.'))) : person;
        String local = bulk ? one("news", "info", "service", "noreply", "team") : person.toLowerCase(Locale.ROOT).replace(' ', '.');
        StringBuilder header = header(name, local + '@' + domain, text.subject(), domain);
        if (text.kind().equals("newsletter")) {
            header.append("List-Unsubscribe: <https://").append(domain).append("/u/").append(random.nextInt(1 << 20)).append(">\r\n");
        }
        if (text.kind().equals("list")) {
            header.append("List-Id: <dev.").append(domain).append(">\r\nList-Post: <mailto:dev@").append(domain).append(">\r\n")
                    .append("Precedence: list\r\n");
        }
        if (text.subject().startsWith("Re:")) {
            header.append("In-Reply-To: <").append(random.nextInt(1 << 28)).append("@example.com>\r\n");
        }
        int proof = random.nextInt(20);
        Sender known = proof < 14 ? sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, false, false)
                : proof < 18 ? sender(SpfVerdict.PASS, DkimVerdict.NONE, DmarcVerdict.NONE, false, false)
                : sender(proof == 18 ? SpfVerdict.SOFTFAIL : SpfVerdict.NONE, DkimVerdict.NONE, DmarcVerdict.NONE, proof == 19, false);
        byte[] octets = octets(header, text.body(), bulk, "https://www." + domain, false);
        return new Sample(octets, false, text.kind(), known, local + '@' + domain);
    }

    private Sample spam(int number) {
        SpamTexts.Text text = texts.spam(number);
        String domain = domain(CHEAP_TLDS);
        boolean personal = text.kind().equals("advance-fee") || text.kind().equals("boss") || text.kind().equals("dating");
        String person = one(FIRST) + ' ' + one(LAST);
        String name = personal ? person : text.sender();
        String local = random.nextInt(4) == 0 ? word(2) + random.nextInt(100_000_000) : one("info", "contact", "office", "mail", "support",
                word(2));
        String subject = text.subject();
        if (random.nextInt(12) == 0) {
            subject = subject.toUpperCase(Locale.ROOT);
        }
        StringBuilder header = header(name, local + '@' + domain, subject, domain);
        if (personal && random.nextInt(2) == 0) {
            header.append("Reply-To: ").append(word(3)).append(random.nextInt(999)).append("@gmail.com\r\n");
        }
        if (random.nextInt(4) == 0) {
            header.append("List-Unsubscribe: <https://").append(domain).append("/out>\r\n");
        }
        if (random.nextInt(10) == 0) {
            header.append("X-Priority: 1\r\n");
        }
        int proof = random.nextInt(20);
        boolean nameless = random.nextInt(4) == 0;
        boolean strangeName = random.nextInt(5) == 0;
        Sender known = proof < 7 ? sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, false, false)
                : proof < 12 ? sender(SpfVerdict.PASS, DkimVerdict.NONE, DmarcVerdict.NONE, nameless, strangeName)
                : proof < 16 ? sender(SpfVerdict.NONE, DkimVerdict.NONE, DmarcVerdict.NONE, nameless, strangeName)
                : sender(SpfVerdict.SOFTFAIL, DkimVerdict.NONE, DmarcVerdict.NONE, nameless, strangeName);
        String body = text.body();
        if (random.nextInt(5) == 0) {
            body = body + "\n\n" + texts.filler();
        }
        boolean html = !personal || random.nextInt(4) == 0;
        return new Sample(octets(header, body, html, "http://" + word(3) + '.' + domain(CHEAP_TLDS), true), true, text.kind(), known,
                local + '@' + domain);
    }

    private static Sender sender(SpfVerdict spf, DkimVerdict dkim, DmarcVerdict dmarc, boolean nameless, boolean heloWrong) {
        return new Sender(spf, dkim, dmarc, nameless, heloWrong, false, OWN, Set.of("alice"), false, false);
    }

    private StringBuilder header(String name, String address, String subject, String domain) {
        StringBuilder header = new StringBuilder(600);
        header.append("From: ").append(encoded(name)).append(" <").append(address).append(">\r\n");
        header.append("To: alice@example.com\r\nSubject: ").append(encoded(subject)).append("\r\n");
        header.append("Date: Mon, 30 Nov 2026 %02d:%02d:%02d +0000\r\n".formatted(
                random.nextInt(10), random.nextInt(60), random.nextInt(60)));
        if (random.nextInt(40) > 0) {
            header.append("Message-ID: <").append(Long.toHexString(random.nextLong())).append('@').append(domain).append(">\r\n");
        }
        return header.append("MIME-Version: 1.0\r\n");
    }

    private static String encoded(String text) {
        boolean ascii = text.chars().allMatch(c -> c < 127);
        return ascii ? text : "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    /** As plain text, as both, or as HTML alone, the links where the text has {@code LINK}. */
    private byte[] octets(StringBuilder header, String body, boolean bulk, String site, boolean spam) {
        String link = site + '/' + word(2) + '?' + word(1) + '=' + random.nextInt(1 << 24);
        String plain = body.replace("LINK", link).replace("\n", "\r\n");
        int form = bulk ? random.nextInt(spam ? 3 : 2) : 3;
        switch (form) {
            case 0, 1 -> {
                String boundary = "b" + Long.toHexString(random.nextLong());
                header.append("Content-Type: multipart/alternative; boundary=").append(boundary).append("\r\n\r\n--").append(boundary)
                        .append("\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n").append(plain).append("\r\n--").append(boundary)
                        .append("\r\nContent-Type: text/html; charset=utf-8\r\n\r\n").append(html(body, link, site)).append("\r\n--")
                        .append(boundary).append("--\r\n");
            }
            case 2 -> header.append("Content-Type: text/html; charset=utf-8\r\n\r\n").append(html(body, link, site));
            default -> header.append("Content-Type: text/plain; charset=utf-8\r\n\r\n").append(plain).append("\r\n");
        }
        return header.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String html(String body, String link, String site) {
        String[] words = {"here", "more", "open", "details", "weiter", "voir", "ver"};
        String text = body.replace("&", "&amp;").replace("<", "&lt;").replace("\n\n", "</p><p>").replace("\n", "<br>")
                .replace("LINK", "<a href=\"" + link + "\">" + one(words) + "</a>");
        return "<html><body><table width=600><tr><td><img src=\"" + site + "/l.png\" alt=\"\"></td></tr><tr><td><p>" + text
                + "</p></td></tr></table></body></html>\r\n";
    }

    private String domain(String[] endings) {
        return word(2 + random.nextInt(2)) + (random.nextInt(4) == 0 ? "-" + word(1) : "") + '.' + one(endings);
    }

    private String word(int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(one(SYLLABLES));
        }
        return word.toString();
    }

    private static String[] words(String text) {
        return text.split(" ", -1);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private String one(String... all) {
        return all[random.nextInt(all.length)];
    }
}
