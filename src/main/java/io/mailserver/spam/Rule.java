package io.mailserver.spam;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.spf.SpfVerdict;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Every rule: its name, its points, what it says to people, and when it holds. Points are such that no single sign moves mail into Junk
 * (5 points) but what nobody sends in good faith; a few signs together do. Each can be switched off by its name.
 *
 * <p>Rules look at a bounded amount of text and use no expression that can backtrack far, so that no mail makes them slow.
 */
enum Rule {
    // Who sends.
    SPF_FAIL(1.8, "the sender's domain says that this server must not send for it", f -> f.sender().spf() == SpfVerdict.FAIL),
    SPF_SOFTFAIL(0.8, "the sender's domain says that this server probably may not send for it", f -> f.sender()
            .spf() == SpfVerdict.SOFTFAIL),
    SPF_PERMERROR(0.3, "the sender's domain has a broken SPF record", f -> f.sender().spf() == SpfVerdict.PERMERROR),
    DKIM_BROKEN(0.5, "its signature does not fit", f -> f.sender().dkim() == DkimVerdict.FAIL),
    DMARC_FAIL(1.8, "nothing proves that it comes from the author's domain, whose owner asks for proof",
            f -> f.sender().dmarc() == DmarcVerdict.FAIL),
    DMARC_PASS(-0.4, "it provably comes from the author's domain", f -> f.sender().dmarc() == DmarcVerdict.PASS),
    UNPROVEN(0.4, "neither SPF nor DKIM says anything about it",
            f -> f.sender().spf() == SpfVerdict.NONE && f.sender().dkim() == DkimVerdict.NONE && !f.sender().authenticated()),
    NO_REVERSE_NAME(1.3, "the sending machine has no name in the DNS", f -> f.sender().nameless()),
    HELO_WRONG(1.0, "the sending machine does not know its own name", f -> f.sender().heloWrong()),
    KNOWN_AUTHOR(-4.0, "you have written to its author", f -> f.sender().known()),
    CLAIMS_OWN_DOMAIN(2.5, "it claims to come from your own domain and does not",
            f -> f.authorClaimsOwnDomain() && !f.fromPasses() && !f.sender().authenticated()),
    BOUNCE_THAT_IS_NONE(1.0, "it came like a delivery report and is none",
            f -> f.sender().nullReversePath() && !f.mail().root().contentType().is("multipart", "report")
                    && !f.mail().has("Auto-Submitted")),

    // Who is said to send.
    NO_AUTHOR(2.0, "it names no author", f -> f.mail().author().isEmpty()),
    NAME_IS_OTHER_ADDRESS(2.2, "its author's name is somebody else's address", Facts::nameIsOtherAddress),
    BORROWED_BRAND(2.4, "its author calls himself by a brand's name and writes from elsewhere",
            f -> !f.mail().authorDomain().isEmpty() && LookAlike.borrowedBrand(f.authorName(), f.mail().authorDomain()).isPresent()),
    IMITATED_DOMAIN(3.0, "its author's domain is made to look like another one",
            f -> LookAlike.imitatesBrand(f.mail().authorDomain())
                    || LookAlike.imitatesOwn(f.mail().authorDomain(), f.sender().ownDomains())),
    RANDOM_LOCAL_PART(0.6, "its author's address looks made by a machine", Facts::randomLocalPart),
    REPLY_TO_FREE_MAIL(1.4, "answers go to a free mailbox elsewhere",
            Facts::answersGoToFreeMail),
    ABUSED_ENDING(0.9, "its author's domain ends as mostly those of junk do", f -> Facts.abusedEnding(f.mail().authorDomain())),
    MIXED_SCRIPTS_IN_NAME(2.0, "its author's name mixes letters of different scripts", f -> LookAlike.mixedWords(f.authorName()) > 0),

    // The header.
    NO_DATE(1.0, "it has no date", f -> !f.mail().has("Date")),
    DATE_UNREADABLE(0.6, "its date is no date", f -> f.mail().has("Date") && f.ahead().isEmpty()),
    DATE_IN_FUTURE(1.5, "its date lies in the future", f -> f.ahead().filter(ahead -> ahead.compareTo(Duration.ofHours(14)) > 0)
            .isPresent()),
    DATE_LONG_AGO(0.8, "its date lies long ago", f -> f.ahead().filter(ahead -> ahead.compareTo(Duration.ofDays(-30)) < 0).isPresent()),
    NO_MESSAGE_ID(0.8, "it has no Message-ID", f -> !f.mail().has("Message-ID")),
    MESSAGE_ID_WRONG(0.6, "its Message-ID is none",
            f -> f.mail().has("Message-ID") && !Patterns.MESSAGE_ID.matcher(f.mail().value("Message-ID")).matches()),
    NO_ADDRESSEE(0.7, "it is addressed to nobody", f -> !f.mail().has("To") && !f.mail().has("Cc")),
    MANY_ADDRESSEES(0.7, "it is addressed to very many", f -> f.mail().addressees().size() > 30),
    REPEATED_FIELDS(1.5, "fields that must be unique are there twice", f -> f.several("From") || f.several("Subject") || f.several("Date")
            || f.several("Message-ID") || f.several("To")),
    FALSE_REPLY(1.0, "it claims to be an answer and answers nothing",
            f -> f.subject().regionMatches(true, 0, "Re:", 0, 3) && !f.refersToOther()),
    MASS_MAIL_WITHOUT_WAY_OUT(0.8, "mass mail that cannot be unsubscribed from",
            f -> f.mail().value("Precedence").equalsIgnoreCase("bulk") && !f.mail().has("List-Unsubscribe")),
    LIST_WITH_WAY_OUT(-0.3, "signed mail of a list that can be unsubscribed from",
            f -> f.mail().has("List-Unsubscribe") && f.sender().dkim() == DkimVerdict.PASS),
    ANSWER(-0.5, "an answer to other mail", f -> f.refersToOther() && f.sender().dkim() == DkimVerdict.PASS),

    // The subject.
    SUBJECT_EMPTY(0.5, "it has no subject", f -> f.subject().isBlank()),
    SUBJECT_SHOUTS(1.0, "its subject shouts", f -> Facts.upperCase(f.subject(), 10) > 0.8),
    SUBJECT_EXCLAIMS(0.8, "its subject has many exclamation marks", f -> f.subject().chars().filter(c -> c == '!' || c == '?')
            .count() >= 3),
    SUBJECT_SPREAD_OUT(2.0, "its subject hides words between blanks or dots", f -> Patterns.SPREAD_OUT.matcher(Patterns.cut(f.subject()))
            .find()),
    SUBJECT_MONEY(0.8, "its subject is about sums of money", f -> Patterns.MONEY.matcher(Patterns.cut(f.subject())).find()),
    SUBJECT_NAMES_YOU(0.8, "its subject addresses you by your mail address",
            f -> f.sender().recipientNames().stream().anyMatch(name -> name.length() > 3 && f.subject().toLowerCase(Locale.ROOT)
                    .contains(name + "@"))),
    SUBJECT_ENCODED_ASCII(0.6, "its subject is encoded without need", f -> f.mail().value("Subject").startsWith("=?")
            && !f.subject().isEmpty() && f.subject().chars().allMatch(c -> c >= ' ' && c < 127)),

    // What it is about.
    ABOUT_MONEY_FROM_NOWHERE(2.5, "it offers money from nowhere", f -> f.about(Topic.ADVANCE_FEE) >= 2 || f.about(Topic.LOTTERY) >= 2),
    ABOUT_FORTUNE(1.0, "it is about a fortune", f -> f.about(Topic.ADVANCE_FEE) + f.about(Topic.LOTTERY) == 1),
    ABOUT_YOUR_ACCOUNT(1.5, "it wants you to confirm an account", f -> f.about(Topic.PHISHING) >= 1),
    PRESSES_ABOUT_YOUR_ACCOUNT(1.5, "it presses you to confirm an account",
            f -> f.about(Topic.PHISHING) >= 2 || (f.about(Topic.PHISHING) == 1 && f.about(Topic.URGENCY) > 0)),
    ABOUT_EXTORTION(3.0, "it extorts", f -> f.about(Topic.EXTORTION) >= 2),
    ABOUT_PHARMACY(2.0, "it sells pills", f -> f.about(Topic.PHARMACY) >= 1),
    ABOUT_GAMBLING(1.8, "it is about gambling", f -> f.about(Topic.GAMBLING) >= 1),
    ABOUT_DATING(1.8, "it is about dating", f -> f.about(Topic.DATING) >= 1),
    ABOUT_LOANS(1.5, "it offers loans", f -> f.about(Topic.LOAN) >= 1),
    ABOUT_INVESTMENT(1.5, "it promises profit", f -> f.about(Topic.INVESTMENT) >= 1),
    ABOUT_SEO(1.5, "it offers to make your site known", f -> f.about(Topic.SEO_OFFER) >= 1),
    ABOUT_GOODS(1.2, "it offers cheap goods", f -> f.about(Topic.GOODS) >= 1),
    PRESSES(0.5, "it presses for time", f -> f.about(Topic.URGENCY) >= 1),
    TALKS_LIKE_MASS_MAIL(0.8, "it talks like mass mail", f -> f.about(Topic.MASS_MAIL) >= 2),
    ABOUT_BILL(1.0, "it wants a bill paid, and nothing proves who sent it", f -> f.about(Topic.BILL) >= 1 && f.unproven()),
    ABOUT_ERRAND(2.5, "it asks for money or a favour as fraud does that claims to be one's superior", f -> f.about(Topic.ERRAND) >= 2),
    ERRAND_BY_FREE_MAIL(1.5, "it asks for money or a favour, and answers go to a free mailbox elsewhere",
            f -> f.about(Topic.ERRAND) >= 1 && f.answersGoToFreeMail()),
    ABOUT_ONE_THING(1.2, "it speaks of little else than what it sells", f -> f.selling() >= 2),
    SOLD_BY_NOBODY(1.5, "it sells what junk sells, and nothing proves who sent it", f -> f.selling() >= 1 && f.unproven()),
    FORTUNE_BY_FREE_MAIL(1.8, "it is about a fortune, and answers go to a free mailbox elsewhere",
            f -> f.fortune() && f.answersGoToFreeMail()),
    FORTUNE_FROM_NOBODY(1.2, "it is about a fortune, and nothing proves who sent it",
            f -> f.fortune() && f.unproven()),
    ACCOUNT_ELSEWHERE(1.5, "it wants you to confirm an account elsewhere than at its author's",
            f -> (f.about(Topic.PHISHING) >= 1 || f.accountInTrouble()) && f.linksElsewhere()),
    ACCOUNT_BY_NOBODY(1.0, "it wants you to confirm an account, and nothing proves who sent it",
            f -> (f.about(Topic.PHISHING) >= 1 || f.accountInTrouble()) && f.unproven()),
    ACCOUNT_IN_TROUBLE(2.0, "it says that something of yours is in trouble and that a link helps", Facts::accountInTrouble),
    THREATENS_TO_EXPOSE(3.0, "it threatens to show what it spied out, for money that nobody can trace",
            f -> f.all(Topic.SPIED_ON, Topic.TO_BE_EXPOSED, Topic.COINS)),
    FORTUNE_STORY(2.5, "it tells of a fortune left behind, in confidence",
            f -> f.all(Topic.LEFT_BEHIND, Topic.FORTUNE, Topic.IN_CONFIDENCE)),
    PRIZE_TO_CLAIM(2.0, "it says that you won what you need only claim", f -> f.all(Topic.WINNING, Topic.PRIZE, Topic.TO_BE_CLAIMED)),
    EXTORTS_TO_WALLET(2.0, "it extorts, to a wallet", f -> (f.about(Topic.EXTORTION) >= 1 || f.all(Topic.SPIED_ON, Topic.COINS))
            && Patterns.WALLET.matcher(Patterns.cut(f.mail().text())).find()),
    WALLET(1.0, "it names a wallet for payment", f -> Patterns.WALLET.matcher(Patterns.cut(f.mail().text())).find()),

    // How it looks.
    HTML_ONLY(0.4, "it has HTML and no plain text", f -> f.mail().htmlOnly()),
    HIDDEN_TEXT(2.2, "it has text that nobody is to see",
            f -> f.mail().html().filter(html -> html.hidden() > 400 && html.hidden() > html.visible().strip().length()).isPresent()),
    PICTURE_ONLY(1.4, "it is a picture with hardly any text",
            f -> f.mail().html().filter(html -> html.images() > 0).isPresent() && f.visibleChars() < 150),
    ASKS_FOR_INPUT(1.5, "it has a form to fill in", f -> f.mail().html().filter(html -> html.forms() > 0).isPresent()),
    HAS_PROGRAM(1.5, "its HTML has a program", f -> f.mail().html().filter(html -> html.scripts() > 0).isPresent()),
    ALTERNATIVES_DIFFER(1.4, "its plain text is another text than its HTML", Facts::alternativesDiffer),
    INVISIBLE_LETTERS(2.0, "invisible characters split its words", f -> f.mail().zeroWidth() >= 3),
    MIXED_SCRIPTS(2.2, "its words mix letters of different scripts", f -> LookAlike.mixedWords(Patterns.cut(f.mail().text())) >= 3),
    SHOUTS(0.8, "most of it is in capitals", f -> Facts.upperCase(f.mail().plain(), 200) > 0.6),
    UNKNOWN_CHARSET(0.7, "it is written in a charset that does not exist", f -> f.mail().oddCharset()),
    NEEDLESS_BASE64(0.8, "its plain text is encoded so that filters do not read it", f -> f.mail().needlessBase64()),

    // Where it leads.
    LINK_LIES(2.6, "a link shows another address than it leads to", Facts::linkLies),
    LINK_TO_ADDRESS(1.8, "a link leads to a machine without a name", f -> f.mail().links().stream().anyMatch(Link::toAddress)),
    LINK_WITH_USER(2.6, "a link hides where it leads behind another name", f -> f.mail().links().stream().anyMatch(Link::hasUserInfo)),
    LINK_IS_PROGRAM(2.5, "a link is a program", f -> f.mail().links().stream().anyMatch(Link::data)),
    LINK_ODD_PORT(0.8, "a link leads to an unusual port", f -> f.mail().links().stream().anyMatch(Link::hasOddPort)),
    LINK_IMITATES(3.0, "a link leads to a domain that looks like another one", Facts::deceivingLinkHost),
    LINK_ABUSED_ENDING(0.9, "a link leads to a domain that ends as mostly those of junk do",
            f -> f.mail().links().stream().map(Link::host).flatMap(Optional::stream).anyMatch(Facts::abusedEnding)),
    LINK_SHORTENED(0.8, "a link hides where it leads", Facts::shortenedLink),
    LINKS_EVERYWHERE(0.8, "its links lead to very many domains", f -> f.linkDomains() > 15),
    LITTLE_BUT_A_LINK(0.8, "hardly anything but a link", f -> !f.mail().links().isEmpty() && f.visibleChars() < 120),

    // What it brings.
    PROGRAM_ATTACHED(5.0, "it brings a program", f -> f.mail().attachments().stream().anyMatch(Attachment::executable)),
    PROGRAM_PACKED(5.0, "it brings a program in an archive", f -> f.mail().attachments().stream().anyMatch(Attachment::packsExecutable)),
    PROGRAM_HIDDEN(6.0, "it brings a program that claims to be something else",
            f -> f.mail().attachments().stream().anyMatch(each -> each.doubleExtension() || each.hiddenProgram() || each.disguised())),
    ARCHIVE_LOCKED(1.8, "it brings an archive that no scanner can open", f -> f.mail().attachments().stream()
            .anyMatch(Attachment::encrypted)),
    MACROS_ATTACHED(1.5, "it brings a document with programs", f -> f.mail().attachments().stream().anyMatch(Attachment::macros)),
    PAGE_ATTACHED(1.6, "it brings a web page", f -> f.mail().attachments().stream().anyMatch(Attachment::html)),

    /** The string that every filter knows, for tests. */
    GTUBE(1000, "it is the test message for spam filters", f -> f.mail().plain().contains(Patterns.GTUBE));

    private final double points;
    private final String reason;
    @SuppressWarnings("ImmutableEnumChecker") // every predicate here is a function without state
    private final Predicate<Facts> holds;

    /** What it says to people. */
    String reason() {
        return reason;
    }

    Rule(double points, String reason, Predicate<Facts> holds) {
        this.points = points;
        this.reason = reason;
        this.holds = holds;
    }

    boolean holds(Facts facts) {
        return holds.test(facts);
    }

    Finding finding() {
        return new Finding(name(), points, reason);
    }

    /** Apart, as an enum's constants cannot see its own fields. */
    static final class Patterns {
        static final Pattern MESSAGE_ID = Pattern.compile("<[^<>@]{1,500}@[^<>@]{1,500}>");
        static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";
        static final Pattern SPREAD_OUT = Pattern.compile("(?:\\b\\p{L}[ ._*-]){4,20}\\p{L}\\b");
        static final Pattern MONEY = Pattern.compile("[$€£]\\s?\\d{1,3}[.,]?\\d{3}|\\d{1,4}[.,]\\d{3}\\s?(?:usd|eur|euro|dollars?)\\b",
                Pattern.CASE_INSENSITIVE);
        /** Bitcoin addresses (base58check, bech32). */
        static final Pattern WALLET = Pattern.compile("\\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{25,60})\\b");

        private static final int MAX_CHARS = 60_000;

        private Patterns() {}

        static String cut(String text) {
            return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
        }
    }
}
