package io.mailserver.spam;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.mime.DateTimeText;
import io.mailserver.mime.MailAddress;
import io.mailserver.spf.SpfVerdict;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that {@link Rule} may ask about a message.
 *
 * @param topics how many phrases of each it has
 */
record Facts(Mail mail, Sender sender, Map<Topic, Integer> topics) {
    private static final Set<String> FREE_MAIL = Set.of("gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com",
            "live.com",
            "aol.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "yandex.com", "protonmail.com", "proton.me", "icloud.com",
            "qq.com", "163.com", "126.com", "zoho.com", "mail.com", "t-online.de", "free.fr", "orange.fr", "libero.it");

    private static final Set<String> SHORTENERS = Set.of("bit.ly", "tinyurl.com", "goo.gl", "t.ly", "ow.ly", "is.gd", "buff.ly",
            "rebrand.ly",
            "cutt.ly", "shorturl.at", "rb.gy", "t.co", "tiny.cc", "bl.ink", "s.id");

    /** Registries that sell names so cheaply that most of what mail shows of them is junk; honest names are there too. */
    private static final Set<String> ABUSED_ENDINGS = Set.of("top", "xyz", "icu", "buzz", "click", "cyou", "cfd", "sbs", "rest", "monster",
            "quest", "bond", "gdn", "loan", "men", "stream", "download", "racing", "bid", "win", "date", "trade", "party", "science",
            "review", "cricket", "kim", "tk", "ml", "ga", "cf", "gq");

    private static final Set<Topic> SOLD = EnumSet.of(
            Topic.PHARMACY, Topic.GAMBLING, Topic.DATING, Topic.LOAN, Topic.INVESTMENT, Topic.SEO_OFFER, Topic.GOODS);

    private static final int FEW_WORDS = 12;

    /** How many phrases of a topic there are. */
    int about(Topic topic) {
        return topics.getOrDefault(topic, 0);
    }

    String subject() {
        return mail.subject();
    }

    static boolean freeMail(String domain) {
        return FREE_MAIL.contains(domain.toLowerCase(Locale.ROOT));
    }

    /** Whether it was answered to something: what a reply names. */
    boolean refersToOther() {
        return mail.has("In-Reply-To") || mail.has("References");
    }

    boolean several(String field) {
        return mail.header().all(field).size() > 1;
    }

    /** How far Date is after the time it was received; empty without a readable one. */
    Optional<Duration> ahead() {
        return DateTimeText.parse(mail.value("Date")).map(OffsetDateTime::toInstant).map(date -> Duration.between(mail.received(), date));
    }

    String authorName() {
        return mail.author().map(MailAddress.Mailbox::displayName).orElse("");
    }

    /** Whether the name for people is another address than the author's. */
    boolean nameIsOtherAddress() {
        String name = authorName().toLowerCase(Locale.ROOT);
        int at = name.indexOf('@');
        if (at < 1 || at + 3 >= name.length() || name.indexOf('.', at) < 0) {
            return false;
        }
        return mail.author().filter(author -> !name.contains('@' + author.domain().toLowerCase(Locale.ROOT))).isPresent();
    }

    boolean authorClaimsOwnDomain() {
        return sender.ownDomains().contains(mail.authorDomain());
    }

    boolean fromPasses() {
        return sender.dmarc() == DmarcVerdict.PASS;
    }

    /** Whether nothing proves who sent it: neither the sender's domain nor a signature. */
    boolean unproven() {
        return !sender.authenticated() && !fromPasses() && sender.dkim() != DkimVerdict.PASS && sender.spf() != SpfVerdict.PASS;
    }

    /** The most phrases of one of the things that junk sells. */
    int selling() {
        return SOLD.stream().mapToInt(this::about).max().orElse(0);
    }

    /** Whether answers go to a free mailbox that is not the author's. */
    boolean answersGoToFreeMail() {
        return mail.replyTo().map(MailAddress.Mailbox::domain)
                .filter(domain -> freeMail(domain) && !domain.equalsIgnoreCase(mail.authorDomain())).isPresent();
    }

    /** Whether it wants the reader to put right what is wrong with something of his, by a link. */
    boolean accountInTrouble() {
        return !mail.links().isEmpty() && all(Topic.YOURS, Topic.IN_TROUBLE, Topic.TO_BE_CONFIRMED);
    }

    /** Whether it offers money from nowhere, by a phrase or by its story. */
    boolean fortune() {
        return about(Topic.ADVANCE_FEE) + about(Topic.LOTTERY) >= 1 || all(Topic.LEFT_BEHIND, Topic.FORTUNE)
                || all(Topic.WINNING, Topic.PRIZE);
    }

    boolean all(Topic... topics) {
        return Arrays.stream(topics).allMatch(topic -> about(topic) >= 1);
    }

    /** Whether a link leads out of the author's domain. */
    boolean linksElsewhere() {
        String own = registered(mail.authorDomain());
        return mail.links().stream().map(Link::host).flatMap(Optional::stream).anyMatch(host -> !registered(host).equals(own));
    }

    static boolean abusedEnding(String host) {
        return ABUSED_ENDINGS.contains(host.substring(host.lastIndexOf('.') + 1));
    }

    /** Letters that are upper case, of all: 0 for text of few letters. */
    static double upperCase(String text, int atLeast) {
        long letters = text.chars().filter(Character::isLetter).count();
        long upper = text.chars().filter(Character::isUpperCase).count();
        return letters < atLeast ? 0 : (double) upper / letters;
    }

    boolean randomLocalPart() {
        String local = mail.author().map(MailAddress.Mailbox::localPart).orElse("").toLowerCase(Locale.ROOT);
        long digits = local.chars().filter(Character::isDigit).count();
        return digits >= 6 || longestConsonants(local) >= 7;
    }

    private static int longestConsonants(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            run = c >= 'a' && c <= 'z' && "aeiouy".indexOf(c) < 0 ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /** Whether a link shows another host than it leads to. */
    boolean linkLies() {
        return mail.links().stream().anyMatch(link -> {
            Optional<String> shown = link.shownHost();
            Optional<String> real = link.host();
            return shown.isPresent() && real.isPresent() && !related(shown.get(), real.get());
        });
    }

    /** Within the same registered name, roughly: newsletters count clicks on other hosts of their own. */
    private static boolean related(String one, String other) {
        return registered(one).equals(registered(other));
    }

    /** The name somebody registered, roughly: the last two labels, or three below a country. */
    static String registered(String host) {
        String[] labels = host.split("\\.", -1);
        int count = labels.length;
        boolean secondLevel = count > 2 && labels[count - 1].length() == 2 && labels[count - 2].length() <= 3;
        int keep = Math.min(count, secondLevel ? 3 : 2);
        return String.join(".", List.of(labels).subList(count - keep, count));
    }

    boolean linkTo(Set<String> hosts) {
        return mail.links().stream().map(Link::host).flatMap(Optional::stream)
                .anyMatch(host -> hosts.stream().anyMatch(each -> LookAlike.isWithin(host, each)));
    }

    boolean shortenedLink() {
        return linkTo(SHORTENERS);
    }

    boolean deceivingLinkHost() {
        return mail.links().stream().map(Link::host).flatMap(Optional::stream)
                .anyMatch(host -> LookAlike.imitatesBrand(host) || LookAlike.imitatesOwn(host, sender.ownDomains()));
    }

    long linkDomains() {
        return mail.links().stream().map(Link::host).flatMap(Optional::stream).map(Facts::registered).distinct().count();
    }

    int visibleChars() {
        return mail.plain().strip().length() + mail.html().map(html -> html.visible().strip().length()).orElse(0);
    }

    /** Whether plain text and HTML that claim to be the same have hardly a word in common. */
    boolean alternativesDiffer() {
        if (!mail.alternative() || mail.html().isEmpty()) {
            return false;
        }
        Set<String> plain = words(mail.plain());
        Set<String> html = words(mail.html().get().visible());
        if (plain.size() < FEW_WORDS || html.size() < FEW_WORDS) {
            return false;
        }
        long common = plain.stream().filter(html::contains).count();
        return common * 5 < Math.min(plain.size(), html.size());
    }

    private static Set<String> words(String text) {
        String[] words = text.substring(0, Math.min(text.length(), 20_000)).toLowerCase(Locale.ROOT).split("[^\\p{L}]+", -1);
        return Arrays.stream(words).filter(word -> word.length() > 3).collect(Collectors.toSet());
    }
}
