package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import io.mailserver.spf.SpfVerdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RuleTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00Z");
    private static final String DATE = "Sun, 22 Nov 2026 09:59:00 +0000";
    private static final String BASE = """
            From: Ann Example <ann@example.net>
            To: Bob <bob@example.com>
            Subject: Lunch on Friday
            Date: %s
            Message-ID: <1@example.net>
            """.formatted(DATE);
    private static final String PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n";
    private static final String HTML = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n";
    private static final String LONG =
            "We met last week and talked about the plans for the garden, the fence and the new bench by the pond. ".repeat(3);

    private static final Sender GOOD = new Sender(
            SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.NONE, false, false, false, Set.of("example.com"), Set.of("bob"), false, false);

    /** A message for each rule by which it shows, and nearly nothing else does. */
    private static final Map<String, String> SHOWN_BY = Map.ofEntries(
            Map.entry("NO_AUTHOR", without("From") + PLAIN + LONG),
            Map.entry("NAME_IS_OTHER_ADDRESS", with("From", "\"boss@bigcompany.example\" <x@example.org>") + PLAIN + LONG),
            Map.entry("BORROWED_BRAND", with("From", "PayPal Service <service@example.org>") + PLAIN + LONG),
            Map.entry("IMITATED_DOMAIN", with("From", "Service <service@paypa1.com>") + PLAIN + LONG),
            Map.entry("RANDOM_LOCAL_PART", with("From", "Ann <kj82736451@example.org>") + PLAIN + LONG),
            Map.entry("REPLY_TO_FREE_MAIL", BASE + "Reply-To: ann.example@gmail.com\n" + PLAIN + LONG),
            Map.entry("MIXED_SCRIPTS_IN_NAME", with("From", "=?utf-8?Q?P=D0=B0yment?= <a@example.org>") + PLAIN + LONG),
            Map.entry("NO_DATE", without("Date") + PLAIN + LONG),
            Map.entry("DATE_UNREADABLE", with("Date", "yesterday") + PLAIN + LONG),
            Map.entry("DATE_IN_FUTURE", with("Date", "Wed, 25 Nov 2026 09:59:00 +0000") + PLAIN + LONG),
            Map.entry("DATE_LONG_AGO", with("Date", "Sun, 22 Nov 2020 09:59:00 +0000") + PLAIN + LONG),
            Map.entry("NO_MESSAGE_ID", without("Message-ID") + PLAIN + LONG),
            Map.entry("MESSAGE_ID_WRONG", with("Message-ID", "1234567") + PLAIN + LONG),
            Map.entry("NO_ADDRESSEE", without("To") + PLAIN + LONG),
            Map.entry("MANY_ADDRESSEES", with("To", Stream.iterate(1, i -> i + 1).limit(40).map(i -> "a" + i + "@example.com")
                    .collect(Collectors.joining(", "))) + PLAIN + LONG),
            Map.entry("REPEATED_FIELDS", BASE + "Subject: another\n" + PLAIN + LONG),
            Map.entry("FALSE_REPLY", with("Subject", "Re: your request") + PLAIN + LONG),
            Map.entry("MASS_MAIL_WITHOUT_WAY_OUT", BASE + "Precedence: bulk\n" + PLAIN + LONG),
            Map.entry("LIST_WITH_WAY_OUT", BASE + "List-Unsubscribe: <https://example.net/u>\n" + PLAIN + LONG),
            Map.entry("ANSWER", BASE + "In-Reply-To: <0@example.com>\n" + PLAIN + LONG),
            Map.entry("SUBJECT_EMPTY", without("Subject") + PLAIN + LONG),
            Map.entry("SUBJECT_SHOUTS", with("Subject", "THE OFFER OF THE YEAR") + PLAIN + LONG),
            Map.entry("SUBJECT_EXCLAIMS", with("Subject", "Great offer!!!") + PLAIN + LONG),
            Map.entry("SUBJECT_SPREAD_OUT", with("Subject", "Buy v i a g r a here") + PLAIN + LONG),
            Map.entry("SUBJECT_MONEY", with("Subject", "your $ 5,000 are here") + PLAIN + LONG),
            Map.entry("SUBJECT_NAMES_YOU", with("Subject", "hello recipient.name@example.com") + PLAIN + LONG),
            Map.entry("SUBJECT_ENCODED_ASCII", with("Subject", "=?utf-8?B?SGVsbG8gdGhlcmU=?=") + PLAIN + LONG),
            Map.entry("ABOUT_MONEY_FROM_NOWHERE", BASE + PLAIN + "As next of kin you get ten million dollars.\n" + LONG),
            Map.entry("ABOUT_FORTUNE", BASE + PLAIN + "I am a widow.\n" + LONG),
            Map.entry("ABOUT_YOUR_ACCOUNT", BASE + PLAIN + "Please verify your account.\n" + LONG),
            Map.entry("PRESSES_ABOUT_YOUR_ACCOUNT", BASE + PLAIN + "Please verify   your\naccount within 24 hours.\n" + LONG),
            Map.entry("ABOUT_EXTORTION", BASE + PLAIN + "I recorded you by your webcam.\n" + LONG),
            Map.entry("ABOUT_PHARMACY", BASE + PLAIN + "Viagra without prescription.\n" + LONG),
            Map.entry("ABOUT_GAMBLING", BASE + PLAIN + "Our online casino.\n" + LONG),
            Map.entry("ABOUT_DATING", BASE + PLAIN + "Heiße Singles.\n" + LONG),
            Map.entry("ABOUT_LOANS", BASE + PLAIN + "Kredit ohne Schufa.\n" + LONG),
            Map.entry("ABOUT_INVESTMENT", BASE + PLAIN + "Guaranteed profit.\n" + LONG),
            Map.entry("ABOUT_SEO", BASE + PLAIN + "To the first page of Google.\n" + LONG),
            Map.entry("ABOUT_GOODS", BASE + PLAIN + "Replica watches.\n" + LONG),
            Map.entry("ABUSED_ENDING", with("From", "Ann <ann@garden.top>") + PLAIN + LONG),
            Map.entry("ABOUT_ERRAND", BASE + PLAIN + "Are you at your desk? I need gift cards.\n" + LONG),
            Map.entry("ERRAND_BY_FREE_MAIL", BASE + "Reply-To: ann.example@gmail.com\n" + PLAIN + "A quick favour?\n" + LONG),
            Map.entry("ABOUT_ONE_THING", BASE + PLAIN + "Our online casino has free spins.\n" + LONG),
            Map.entry("FORTUNE_BY_FREE_MAIL", BASE + "Reply-To: ann.example@gmail.com\n" + PLAIN + "I am a widow.\n" + LONG),
            Map.entry("ACCOUNT_ELSEWHERE", BASE + PLAIN + "Please verify your account at https://example.org/x now.\n" + LONG),
            Map.entry("EXTORTS_TO_WALLET",
                    BASE + PLAIN + "I recorded you. Pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now.\n" + LONG),
            Map.entry("LINK_ABUSED_ENDING", BASE + PLAIN + LONG + "https://garden.top/x"),
            Map.entry("ACCOUNT_IN_TROUBLE",
                    BASE + PLAIN + "Your parcel is on hold; please confirm it at https://example.net/x now.\n" + LONG),
            Map.entry("THREATENS_TO_EXPOSE", BASE + PLAIN + "I hacked you. Pay in bitcoin, or your contacts see it.\n" + LONG),
            Map.entry("FORTUNE_STORY", BASE + PLAIN + "My late uncle left ten million; this is confidential.\n" + LONG),
            Map.entry("PRIZE_TO_CLAIM", BASE + PLAIN + "You were chosen as winner of a voucher: claim it.\n" + LONG),
            Map.entry("PRESSES", BASE + PLAIN + "Act now.\n" + LONG),
            Map.entry("TALKS_LIKE_MASS_MAIL", BASE + PLAIN + "Dear friend, click here.\n" + LONG),
            Map.entry("WALLET", BASE + PLAIN + "Pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now.\n" + LONG),
            Map.entry("HTML_ONLY", BASE + HTML + "<p>" + LONG + "</p>"),
            Map.entry("HIDDEN_TEXT", BASE + HTML + "<p>Hello</p><div style='display: none'>" + LONG.repeat(3) + "</div>"),
            Map.entry("PICTURE_ONLY", BASE + HTML + "<img src='https://example.net/a.png'>"),
            Map.entry("ASKS_FOR_INPUT", BASE + HTML + "<form action='https://example.net'><input name=a></form>" + LONG),
            Map.entry("HAS_PROGRAM", BASE + HTML + "<script>alert(1)</script>" + LONG),
            Map.entry("ALTERNATIVES_DIFFER", BASE + alternative(LONG
                    + "Sincerely yours from the whole team behind Saturday market stalls",
                    "Completely other words stand here about lottery tickets and numbers "
                    + "which some people never should have bought because nothing comes from anything without trouble later anyway indeed "
                    + "except when good fortune smiles upon everybody equally")),
            Map.entry("INVISIBLE_LETTERS", BASE + PLAIN + "via\u200bgra ci\u200balis le\u200bvitra\n" + LONG),
            Map.entry("MIXED_SCRIPTS", BASE + PLAIN + "Yоur pаssword wаs stolen\n" + LONG),
            Map.entry("SHOUTS", BASE + PLAIN + LONG.toUpperCase(Locale.ROOT)),
            Map.entry("UNKNOWN_CHARSET", BASE + "Content-Type: text/plain; charset=x-nobody-knows\n\n" + LONG),
            Map.entry("NEEDLESS_BASE64", BASE + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
                    + Base64.getMimeEncoder().encodeToString(LONG.getBytes(StandardCharsets.US_ASCII))),
            Map.entry("LINK_LIES", BASE + HTML + LONG + "<a href='https://evil.example/x'>https://www.bank.example/login</a>"),
            Map.entry("LINK_TO_ADDRESS", BASE + PLAIN + LONG + "http://192.0.2.7/login"),
            Map.entry("LINK_WITH_USER", BASE + HTML + LONG + "<a href='https://bank.example@evil.example/'>login</a>"),
            Map.entry("LINK_IS_PROGRAM", BASE + HTML + LONG + "<a href='data:text/html;base64,AAAA'>open</a>"),
            Map.entry("LINK_ODD_PORT", BASE + PLAIN + LONG + "https://example.net:8443/x"),
            Map.entry("LINK_IMITATES", BASE + PLAIN + LONG + "https://www.paypa1.com/login"),
            Map.entry("LINK_SHORTENED", BASE + PLAIN + LONG + "https://bit.ly/abc"),
            Map.entry("LINKS_EVERYWHERE", BASE + PLAIN + LONG + Stream.iterate(1, i -> i + 1).limit(20)
                    .map(i -> "https://site" + i + ".example" + i + ".org/").collect(Collectors.joining("\n"))),
            Map.entry("LITTLE_BUT_A_LINK", BASE + PLAIN + "https://example.net/x"),
            Map.entry("PROGRAM_ATTACHED", BASE + attached("tool.exe", "application/octet-stream", "AAAA")),
            Map.entry("PROGRAM_PACKED", BASE + attached("docs.zip", "application/zip", zip("invoice.js"))),
            Map.entry("PROGRAM_HIDDEN", BASE + attached("holiday.jpg", "image/jpeg", "TVqQAAMAAAAEAAAA")),
            Map.entry("ARCHIVE_LOCKED", BASE + attached("docs.zip", "application/zip", "UEsDBBQAAQAAAAAAAAAAAAAAAAAAAAAAAAA=")),
            Map.entry("MACROS_ATTACHED", BASE + attached("bill.docm", "application/vnd.ms-word.document.macroEnabled.12", "AAAA")),
            Map.entry("PAGE_ATTACHED", BASE + attached("login.html", "text/html", "PGI+")),
            Map.entry("GTUBE", BASE + PLAIN + LONG + "\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n"));

    /** What it says counts where nothing proves who says it. */
    private static final Map<String, String> SHOWN_OF_NOBODY = Map.of(
            "ABOUT_BILL", "Your payment is overdue.",
            "SOLD_BY_NOBODY", "Our online casino.",
            "FORTUNE_FROM_NOBODY", "I am a widow.",
            "ACCOUNT_BY_NOBODY", "Please verify your account.");

    private static final Map<String, Sender> SHOWN_BY_SENDER = Map.ofEntries(
            Map.entry("SPF_FAIL", sender(SpfVerdict.FAIL, DkimVerdict.NONE, DmarcVerdict.NONE)),
            Map.entry("SPF_SOFTFAIL", sender(SpfVerdict.SOFTFAIL, DkimVerdict.NONE, DmarcVerdict.NONE)),
            Map.entry("SPF_PERMERROR", sender(SpfVerdict.PERMERROR, DkimVerdict.NONE, DmarcVerdict.NONE)),
            Map.entry("DKIM_BROKEN", sender(SpfVerdict.PASS, DkimVerdict.FAIL, DmarcVerdict.NONE)),
            Map.entry("DMARC_FAIL", sender(SpfVerdict.PASS, DkimVerdict.NONE, DmarcVerdict.FAIL)),
            Map.entry("DMARC_PASS", sender(SpfVerdict.PASS, DkimVerdict.NONE, DmarcVerdict.PASS)),
            Map.entry("UNPROVEN", Sender.UNKNOWN),
            Map.entry("NO_REVERSE_NAME", new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, true, false, false, Set.of(),
                    Set.of(), false, false)),
            Map.entry("HELO_WRONG", new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, false, true, false, Set.of(), Set.of(),
                    false, false)),
            Map.entry("BOUNCE_THAT_IS_NONE", new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, false, false, true, Set.of(),
                    Set.of(), false, false)),
            Map.entry("CLAIMS_OWN_DOMAIN", new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.NONE, false, false, false,
                    Set.of("example.net"), Set.of(), false, false)),
            Map.entry("KNOWN_AUTHOR", new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.PASS, false, false, false, Set.of(),
                    Set.of(), true, false)));

    @TestFactory
    List<DynamicTest> holdsWhereItShall() {
        return SHOWN_BY.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                assertThat(names(each.getValue(), GOOD_FOR_SUBJECT)).contains(each.getKey()))).toList();
    }

    @TestFactory
    List<DynamicTest> holdsForTheSender() {
        return SHOWN_BY_SENDER.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                assertThat(names(BASE + PLAIN + LONG, each.getValue())).contains(each.getKey()))).toList();
    }

    @TestFactory
    Stream<DynamicTest> holdsWhereNothingProvesTheSender() {
        return SHOWN_OF_NOBODY.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            String mail = BASE + PLAIN + each.getValue() + '\n' + LONG;
            assertThat(names(mail, Sender.UNKNOWN)).contains(each.getKey());
            assertThat(names(mail, GOOD)).doesNotContain(each.getKey());
        }));
    }

    @Test
    void everyRuleIsShown() {
        Set<String> shown = new TreeSet<>(SHOWN_BY.keySet());
        shown.addAll(SHOWN_BY_SENDER.keySet());
        shown.addAll(SHOWN_OF_NOBODY.keySet());
        assertThat(shown).containsExactlyInAnyOrderElementsOf(ContentFilter.reference().stream().map(Finding::name).toList());
    }

    @Test
    void plainMailOfPeopleHasNoFindings() {
        assertThat(names(BASE + PLAIN + LONG, GOOD)).isEmpty();
    }

    @Test
    void aNewsletterStaysFarFromJunk() {
        String mail = BASE + "List-Unsubscribe: <https://example.net/u>\n" + alternative(LONG, LONG
                + "<img src='https://cdn.example.net/a.png'><a href='https://click.example.net/1'>www.example.net</a>"
                + "<a href='https://click.example.net/2'>Click here to unsubscribe</a>");
        assertThat(points(mail, GOOD)).isLessThan(1);
    }

    @Test
    void phishingIsJunkWithoutTraining() {
        String mail = with("From", "PayPal <security@example.org>") + HTML
                + "<p>Your account has been suspended. Verify your account within"
                + " 24 hours.</p><a href='http://192.0.2.9/pp'>https://www.paypal.com/signin</a>";
        assertThat(points(mail, Sender.UNKNOWN)).isGreaterThan(5);
    }

    /** One sentence of each kind of fraud, as nobody who is known writes it, is junk by what it says and how it came. */
    @TestFactory
    Stream<DynamicTest> fraudIsJunkWithoutTraining() {
        Sender doubtful = sender(SpfVerdict.SOFTFAIL, DkimVerdict.NONE, DmarcVerdict.NONE);
        return Map.of(
                "parcel", with("From", "DHL <a@example.org>") + PLAIN
                        + "Your package is on hold. Pay the fee: https://example.info/x " + LONG,
                "extortion", BASE + PLAIN + "I have hacked your device. Send 900 dollars in bitcoin to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
                        + " or your contacts get the recording. " + LONG,
                "inheritance", BASE + "Reply-To: b@gmail.com\n" + PLAIN + "My late client left 8 million dollars and no heirs. This is"
                        + " confidential. " + LONG,
                "superior", BASE + "Reply-To: boss.office@gmail.com\n" + PLAIN + "Are you available? Buy gift cards for a client. " + LONG)
                .entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                        assertThat(points(each.getValue(), doubtful)).as(names(each.getValue(), doubtful).toString()).isGreaterThan(5)));
    }

    @Test
    void noticesOfTheHonestStayFarFromJunk() {
        String notice = BASE + PLAIN + "Your account at Example Limited: please confirm the new address at https://www.example.net/confirm"
                + " or your access expires. " + LONG;
        assertThat(points(notice, GOOD)).isLessThan(3);
    }

    @TestFactory
    Stream<DynamicTest> eachCanBeSwitchedOff() {
        return Stream.of(
                SHOWN_BY.entrySet().stream().map(each -> switchedOff(each.getKey(), each.getValue(), GOOD_FOR_SUBJECT)),
                SHOWN_OF_NOBODY.entrySet().stream().map(each -> switchedOff(
                        each.getKey(), BASE + PLAIN + each.getValue() + '\n' + LONG, Sender.UNKNOWN)),
                SHOWN_BY_SENDER.entrySet().stream().map(each -> switchedOff(each.getKey(), BASE + PLAIN + LONG, each.getValue())))
                .flatMap(each -> each);
    }

    private static DynamicTest switchedOff(String rule, String mail, Sender sender) {
        ContentFilter filter = new ContentFilter(Set.of(rule), Map.of(), new Failures());
        List<String> others = names(mail, sender).stream().filter(name -> !name.equals(rule)).toList();
        return DynamicTest.dynamicTest(rule,
                () -> assertThat(findings(filter, mail, sender)).extracting(Finding::name).containsExactlyElementsOf(others));
    }

    @Test
    void weightsAreTheOperators() {
        ContentFilter filter = new ContentFilter(Set.of(), Map.of("NO_DATE", 4.5), new Failures());
        assertThat(findings(filter, without("Date") + PLAIN + LONG, GOOD)).contains(new Finding("NO_DATE", 4.5, "it has no date"));
    }

    @Test
    void aRuleThatFailsIsLeftOutAndCounted() throws IOException {
        Failures failures = new Failures();
        ContentFilter filter = new ContentFilter(List.of(
                new ContentFilter.Check(new Finding("BROKEN", 9, "never"), facts -> {
                    throw new IllegalStateException("a mistake");
                }),
                new ContentFilter.Check(new Finding("DEEP", 9, "never"), facts -> {
                    throw new StackOverflowError();
                }),
                new ContentFilter.Check(new Finding("FINE", 1, "always"), facts -> true)), failures);
        byte[] octets = (BASE + PLAIN + LONG).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        List<String> troubles = new ArrayList<>();
        List<Finding> found = filter.rules(filter.read(MimeParser.parse(octets, MimeParser.Limits.DEFAULTS), MessageOctets.of(octets), GOOD,
                RECEIVED), troubles::add);
        assertThat(found).extracting(Finding::name).containsExactly("FINE");
        assertThat(troubles).containsExactly("rule BROKEN failed: java.lang.IllegalStateException: a mistake",
                "rule DEEP failed: java.lang.StackOverflowError");
        assertThat(failures.counts()).isEqualTo(Map.of("BROKEN", 1L, "DEEP", 1L));
    }

    @Test
    void hugeAndBrokenMailCostsBoundedWork() {
        String words = "<a href='http://a.b'>x</a><div>".repeat(30_000);
        String mail = BASE + HTML + words + "via\u200bgra ".repeat(100_000);
        assertThat(names(mail, GOOD)).contains("HTML_ONLY");
    }

    @Test
    void aLinkThatReadsAsItLeadsIsHonest() {
        assertThat(names(BASE + HTML + LONG + "<a href='https://click.bank.example/x'>www.bank.example</a>", GOOD))
                .doesNotContain("LINK_LIES");
        assertThat(names(BASE + HTML + LONG + "<a href='https://evil.example/x'>Our shop, version 2.0</a>", GOOD))
                .doesNotContain("LINK_LIES");
    }

    private static final Sender GOOD_FOR_SUBJECT = new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.NONE, false, false, false,
            Set.of("example.com"), Set.of("recipient.name"), false, false);

    private static Sender sender(SpfVerdict spf, DkimVerdict dkim, DmarcVerdict dmarc) {
        return new Sender(spf, dkim, dmarc, false, false, false, Set.of(), Set.of(), false, false);
    }

    private static List<String> names(String mail, Sender sender) {
        return findings(new ContentFilter(Set.of(), Map.of(), new Failures()), mail, sender).stream().map(Finding::name).toList();
    }

    private static double points(String mail, Sender sender) {
        return findings(new ContentFilter(Set.of(), Map.of(), new Failures()), mail, sender).stream().mapToDouble(Finding::points).sum();
    }

    private static List<Finding> findings(ContentFilter filter, String mail, Sender sender) {
        byte[] octets = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        MimeMessage message = MimeParser.parse(octets, MimeParser.Limits.DEFAULTS);
        try {
            return filter.rules(filter.read(message, MessageOctets.of(octets), sender, RECEIVED), trouble -> fail(trouble));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String without(String field) {
        return BASE.replaceAll("(?m)^" + field + ": .*\n", "");
    }

    private static String with(String field, String value) {
        return without(field) + field + ": " + value + "\n";
    }

    private static String alternative(String plain, String html) {
        return "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
                + "Content-Type: text/plain; charset=utf-8\n\n" + plain
                + "\n--b\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n--b--\n";
    }

    private static String attached(String name, String type, String base64) {
        return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + LONG
                + "\n--b\nContent-Type: " + type + "; name=\"" + name + "\"\nContent-Transfer-Encoding: base64\n"
                + "Content-Disposition: attachment; filename=\"" + name + "\"\n\n" + base64 + "\n--b--\n";
    }

    private static String zip(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getMimeEncoder().encodeToString(out.toByteArray());
    }
}
