package io.mailserver.dmarc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A published policy (RFC 9989 §4.7). Tags that are wrong count as absent (§4.8), unknown ones are passed over.
 *
 * @param policy {@code p}; empty when absent or wrong
 * @param subdomainPolicy {@code sp}
 * @param absentSubdomainPolicy {@code np}, for subdomains that do not exist
 * @param wrongPolicy whether {@code p}, {@code sp} or {@code np} is there and wrong, or {@code p} is absent (§4.10.1)
 * @param strictDkim {@code adkim=s}
 * @param strictSpf {@code aspf=s}
 * @param publicSuffix {@code psd}
 * @param testing {@code t=y}, or the {@code pct=0} of RFC 7489, which meant the same (RFC 9989 appendix A.6)
 * @param aggregateReports {@code rua}, valid URIs only, without the size limits of RFC 7489
 * @param failureReports {@code ruf}, likewise
 * @param failureOptions {@code fo}, its letters
 * @param percent {@code pct} of RFC 7489, told but not obeyed
 * @param reportIntervalSeconds {@code ri} of RFC 7489, told but not obeyed
 */
public record DmarcRecord(
        Optional<DmarcPolicy> policy,
        Optional<DmarcPolicy> subdomainPolicy,
        Optional<DmarcPolicy> absentSubdomainPolicy,
        boolean wrongPolicy,
        boolean strictDkim,
        boolean strictSpf,
        PublicSuffix publicSuffix,
        boolean testing,
        List<URI> aggregateReports,
        List<URI> failureReports,
        List<String> failureOptions,
        OptionalInt percent,
        OptionalInt reportIntervalSeconds) {
    private static final int MAX_URIS = 20;

    public DmarcRecord {
        aggregateReports = List.copyOf(aggregateReports);
        failureReports = List.copyOf(failureReports);
        failureOptions = List.copyOf(failureOptions);
    }

    /** Whether the domain is one below which others register theirs ({@code psd}). */
    public enum PublicSuffix {
        YES,
        NO,
        UNKNOWN
    }

    /** Whether a TXT record is a policy: its first tag is {@code v=DMARC1}, in that case. */
    public static boolean isDmarc(String text) {
        int semicolon = text.indexOf(';');
        String first = semicolon < 0 ? text : text.substring(0, semicolon);
        int equals = first.indexOf('=');
        return equals > 0 && strip(first.substring(0, equals)).equals("v") && strip(first.substring(equals + 1)).equals("DMARC1");
    }

    /** Reads a TXT record of which {@link #isDmarc} is true, each char an octet. */
    public static DmarcRecord parse(String text) {
        Map<String, String> tags = new HashMap<>();
        for (String piece : text.split(";", -1)) {
            int equals = piece.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(piece.substring(0, equals).strip().toLowerCase(Locale.ROOT), piece.substring(equals + 1).strip());
            }
        }
        Optional<DmarcPolicy> policy = policy(tags, "p");
        Optional<DmarcPolicy> subdomains = policy(tags, "sp");
        Optional<DmarcPolicy> absent = policy(tags, "np");
        boolean wrong = policy.isEmpty()
                || (tags.containsKey("sp") && subdomains.isEmpty()) || (tags.containsKey("np") && absent.isEmpty());
        OptionalInt percent = number(tags, "pct", 100);
        boolean testing = tags.containsKey("t") ? is(tags, "t", "y") : percent.equals(OptionalInt.of(0));
        return new DmarcRecord(policy, subdomains, absent, wrong, is(tags, "adkim", "s"), is(tags, "aspf", "s"),
                is(tags, "psd", "y") ? PublicSuffix.YES : is(tags, "psd", "n") ? PublicSuffix.NO : PublicSuffix.UNKNOWN,
                testing, uris(tags.getOrDefault("rua", "")), uris(tags.getOrDefault("ruf", "")), failureOptions(tags),
                percent, number(tags, "ri", Integer.MAX_VALUE));
    }

    private static boolean is(Map<String, String> tags, String name, String value) {
        return value.equalsIgnoreCase(tags.getOrDefault(name, ""));
    }

    private static Optional<DmarcPolicy> policy(Map<String, String> tags, String name) {
        return Optional.ofNullable(tags.get(name)).flatMap(DmarcPolicy::ofWord);
    }

    private static OptionalInt number(Map<String, String> tags, String name, int max) {
        String digits = tags.getOrDefault(name, "");
        boolean valid = !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid && Integer.parseInt(digits) <= max ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    private static List<String> failureOptions(Map<String, String> tags) {
        List<String> known = List.of("0", "1", "d", "s");
        List<String> options = new ArrayList<>();
        for (String option : tags.getOrDefault("fo", "0").split(":", -1)) {
            String letter = strip(option).toLowerCase(Locale.ROOT);
            if (known.contains(letter) && !options.contains(letter)) {
                options.add(letter);
            }
        }
        return options.isEmpty() ? List.of("0") : options;
    }

    private static List<URI> uris(String value) {
        List<URI> uris = new ArrayList<>();
        for (String text : value.split(",", -1)) {
            String trimmed = strip(text);
            int size = trimmed.lastIndexOf('!'); // RFC 7489 §6.2: a size limit; RFC 9989 §4.8: ignored.
            String bare = size < 0 ? trimmed : trimmed.substring(0, size);
            try {
                URI uri = new URI(bare);
                if (uri.isAbsolute() && uris.size() < MAX_URIS) {
                    uris.add(uri);
                }
            } catch (URISyntaxException e) {
                // RFC 9989 §4.8: what is wrong counts as absent.
            }
        }
        return uris;
    }

    private static String strip(String text) {
        return text.strip();
    }
}
