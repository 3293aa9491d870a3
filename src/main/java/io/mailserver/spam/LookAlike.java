package io.mailserver.spam;

import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Names that are made to be taken for other names. */
final class LookAlike {
    /** Names that fraud borrows most, with the domains that may use them. */
    private static final Map<String, List<String>> BRANDS = Map.ofEntries(
            Map.entry("paypal", List.of("paypal.com", "paypal.de", "paypal.co.uk", "paypal.fr")),
            Map.entry("amazon", List.of("amazon.com", "amazon.de", "amazon.co.uk", "amazon.fr", "amazon.es", "amazon.it", "amazonses.com")),
            Map.entry("microsoft", List.of("microsoft.com", "office.com", "outlook.com", "live.com", "microsoftonline.com")),
            Map.entry("apple", List.of("apple.com", "icloud.com", "me.com")),
            Map.entry("google", List.of("google.com", "gmail.com", "googlemail.com", "youtube.com")),
            Map.entry("facebook", List.of("facebook.com", "facebookmail.com", "meta.com")),
            Map.entry("instagram", List.of("instagram.com", "facebookmail.com")),
            Map.entry("netflix", List.of("netflix.com")),
            Map.entry("linkedin", List.of("linkedin.com")),
            Map.entry("dropbox", List.of("dropbox.com", "dropboxmail.com")),
            Map.entry("docusign", List.of("docusign.com", "docusign.net")),
            Map.entry("dhl", List.of("dhl.com", "dhl.de")),
            Map.entry("fedex", List.of("fedex.com")),
            Map.entry("ups", List.of("ups.com")),
            Map.entry("usps", List.of("usps.com", "usps.gov")),
            Map.entry("correos", List.of("correos.es", "correos.com")),
            Map.entry("metamask", List.of("metamask.io", "consensys.io", "consensys.net")),
            Map.entry("whatsapp", List.of("whatsapp.com", "facebookmail.com", "meta.com")),
            Map.entry("wells fargo", List.of("wellsfargo.com")),
            Map.entry("sparkasse", List.of("sparkasse.de")),
            Map.entry("postbank", List.of("postbank.de")),
            Map.entry("coinbase", List.of("coinbase.com")),
            Map.entry("binance", List.of("binance.com")));

    private static final Set<String> BRAND_SKELETONS = BRANDS.keySet().stream().map(LookAlike::skeleton).collect(Collectors.toSet());
    private static final int MAX_NAME = 255;
    private static final char FIRST_GREEK = 0x370;

    private LookAlike() {}

    /** The brand that a name for people claims to be while the domain is none of the brand's. */
    static Optional<String> borrowedBrand(String displayName, String domain) {
        String words = ' ' + displayName.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ") + ' ';
        return BRANDS.entrySet().stream()
                .filter(brand -> words.contains(' ' + brand.getKey() + ' '))
                .filter(brand -> brand.getValue().stream().noneMatch(own -> isWithin(domain, own)))
                .map(Map.Entry::getKey).findFirst();
    }

    /** Whether a domain's name is a brand's with letters exchanged for ones that look alike, such as {@code paypa1.com}. */
    static boolean imitatesBrand(String domain) {
        for (String label : unicode(domain).split("\\.", -1)) {
            // "google-mail-login" is caught by others; here only what deceives the eye.
            if (!BRANDS.containsKey(label) && BRAND_SKELETONS.contains(skeleton(label))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a domain is made to look like one of {@code own} and is not. */
    static boolean imitatesOwn(String domain, Set<String> own) {
        String skeleton = skeleton(domain);
        return own.stream().anyMatch(ours -> !isWithin(domain, ours) && skeleton(ours).equals(skeleton));
    }

    /** Whether a label mixes scripts as no language does (UTS 39 §5: Latin with Cyrillic or Greek). */
    static boolean mixesScripts(String text) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        text.codePoints().filter(Character::isLetter).mapToObj(UnicodeScript::of).forEach(scripts::add);
        return scripts.contains(UnicodeScript.LATIN)
                && (scripts.contains(UnicodeScript.CYRILLIC) || scripts.contains(UnicodeScript.GREEK));
    }

    /** How many words mix scripts. */
    static int mixedWords(String text) {
        if (!hasOtherScripts(text)) {
            return 0;
        }
        int mixed = 0;
        for (String word : text.split("[^\\p{L}]+", 5_000)) {
            if (word.length() > 2 && mixesScripts(word)) {
                mixed++;
            }
        }
        return mixed;
    }

    /** Greek, Cyrillic and whatever comes after them in Unicode; most mail has none. */
    private static boolean hasOtherScripts(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_GREEK) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code domain} is {@code parent} or below it. */
    static boolean isWithin(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith('.' + parent);
    }

    /** What a name looks like at a glance. */
    static String skeleton(String name) {
        String plain = Normalizer.normalize(unicode(name), Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        StringBuilder out = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == 'r' && i + 1 < plain.length() && plain.charAt(i + 1) == 'n') {
                out.append('m');
                i++;
            } else if (c == 'v' && i + 1 < plain.length() && plain.charAt(i + 1) == 'v') {
                out.append('w');
                i++;
            } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                out.append(glance(c));
            }
        }
        return out.toString();
    }

    private static char glance(char c) {
        return switch (c) {
            case '0', 'о', 'ο' -> 'o';
            case '1', 'ı', 'і', 'ӏ', 'ι', '|' -> 'l';
            case 'i' -> 'l';
            case '3' -> 'e';
            case '5', 'ѕ' -> 's';
            case 'а', 'α' -> 'a';
            case 'е' -> 'e';
            case 'р', 'ρ' -> 'p';
            case 'с' -> 'c';
            case 'у', 'γ' -> 'y';
            case 'х', 'χ' -> 'x';
            case 'ԁ' -> 'd';
            case 'һ' -> 'h';
            case 'ј' -> 'j';
            case 'к', 'κ' -> 'k';
            case 'ν' -> 'v';
            case 'т', 'τ' -> 't';
            case 'м' -> 'm';
            default -> c;
        };
    }

    private static String unicode(String domain) {
        // No name is longer (RFC 1035 §2.3.4); the time to decode a label grows with the square of its length.
        return domain.length() <= MAX_NAME && domain.contains("xn--") ? IDN.toUnicode(domain, IDN.ALLOW_UNASSIGNED) : domain;
    }
}
