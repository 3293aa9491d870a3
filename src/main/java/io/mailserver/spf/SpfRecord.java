package io.mailserver.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A parsed SPF record (RFC 7208 §4.5, §4.6).
 *
 * @param directives in order, including those after {@code all}, which are never reached
 * @param redirect where to look when no directive matches; ignored when there is an {@code all}
 * @param explanation where the explanation of a fail is kept
 */
record SpfRecord(List<Directive> directives, Optional<MacroString> redirect, Optional<MacroString> explanation) {
    private static final String VERSION = "v=spf1";

    SpfRecord {
        directives = List.copyOf(directives);
    }

    /**
     * A mechanism with what a match means.
     *
     * @param text as the owner wrote it
     */
    record Directive(SpfVerdict onMatch, Mechanism mechanism, String text) {}

    /** The mechanisms of RFC 7208 §5. */
    sealed interface Mechanism {
        record All() implements Mechanism {}

        record Include(MacroString domain) implements Mechanism {}

        record A(Optional<MacroString> domain, int prefix4, int prefix6) implements Mechanism {}

        record Mx(Optional<MacroString> domain, int prefix4, int prefix6) implements Mechanism {}

        record Ptr(Optional<MacroString> domain) implements Mechanism {}

        /** {@code ip4} or {@code ip6}. */
        record Ip(InetAddress network, boolean v6, int prefix) implements Mechanism {}

        record Exists(MacroString domain) implements Mechanism {}
    }

    /** Whether a TXT record is an SPF record at all: its version ends at a space or the end (RFC 7208 §4.5). */
    static boolean isSpf(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /** Whether the record says what becomes of all other clients. */
    boolean hasAll() {
        return directives.stream().anyMatch(directive -> directive.mechanism() instanceof Mechanism.All);
    }

    /**
     * Parses a record of which {@link #isSpf} is true.
     *
     * @throws SpfSyntaxException at any error anywhere: such a record is not evaluated at all
     */
    static SpfRecord parse(String text) throws SpfSyntaxException {
        List<Directive> directives = new ArrayList<>();
        Optional<MacroString> redirect = Optional.empty();
        Optional<MacroString> explanation = Optional.empty();
        for (String term : text.substring(VERSION.length()).split(" ", -1)) {
            if (term.isEmpty()) {
                continue;
            }
            int nameEnd = modifierNameEnd(term);
            if (nameEnd < 0) {
                directives.add(directive(term));
                continue;
            }
            String value = term.substring(nameEnd + 1);
            switch (term.substring(0, nameEnd).toLowerCase(Locale.ROOT)) {
                case "redirect" -> redirect = once("redirect", redirect, value);
                case "exp" -> explanation = once("exp", explanation, value);
                default -> MacroString.checkSyntax(value);
            }
        }
        return new SpfRecord(directives, redirect, explanation);
    }

    private static Optional<MacroString> once(String name, Optional<MacroString> before, String value) throws SpfSyntaxException {
        if (before.isPresent()) {
            throw new SpfSyntaxException("'" + name + "=' twice"); // RFC 7208 §6
        }
        return Optional.of(MacroString.domainSpec(value));
    }

    /** Where the name of a modifier ends; -1 if the term is none: a name and "=" before any ":" or "/" (RFC 7208 §4.6.1). */
    private static int modifierNameEnd(String term) {
        for (int i = 0; i < term.length(); i++) {
            char c = term.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean nameCharacter = letter || (i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'));
            if (c == '=' && i > 0) {
                return i;
            }
            if (!nameCharacter) {
                return -1;
            }
        }
        return -1;
    }

    private static Directive directive(String term) throws SpfSyntaxException {
        SpfVerdict onMatch = switch (term.charAt(0)) {
            case '-' -> SpfVerdict.FAIL;
            case '~' -> SpfVerdict.SOFTFAIL;
            case '?' -> SpfVerdict.NEUTRAL;
            default -> SpfVerdict.PASS;
        };
        boolean qualified = "+-~?".indexOf(term.charAt(0)) >= 0;
        return new Directive(onMatch, mechanism(qualified ? term.substring(1) : term), printable(term));
    }

    private static Mechanism mechanism(String text) throws SpfSyntaxException {
        int nameEnd = 0;
        while (nameEnd < text.length() && text.charAt(nameEnd) != ':' && text.charAt(nameEnd) != '/') {
            nameEnd++;
        }
        String name = text.substring(0, nameEnd).toLowerCase(Locale.ROOT);
        String rest = text.substring(nameEnd);
        return switch (name) {
            case "all" -> {
                requireEmpty(rest, name);
                yield new Mechanism.All();
            }
            case "include" -> new Mechanism.Include(MacroString.domainSpec(argument(rest, name)));
            case "exists" -> new Mechanism.Exists(MacroString.domainSpec(argument(rest, name)));
            case "ptr" -> new Mechanism.Ptr(
                    rest.isEmpty() ? Optional.empty() : Optional.of(MacroString.domainSpec(argument(rest, name))));
            case "a" -> {
                Cidr cidr = Cidr.split(rest);
                yield new Mechanism.A(optionalDomain(cidr.before(), name), cidr.prefix4(), cidr.prefix6());
            }
            case "mx" -> {
                Cidr cidr = Cidr.split(rest);
                yield new Mechanism.Mx(optionalDomain(cidr.before(), name), cidr.prefix4(), cidr.prefix6());
            }
            case "ip4" -> ip(argument(rest, name), false);
            case "ip6" -> ip(argument(rest, name), true);
            default -> throw new SpfSyntaxException("the unknown mechanism '" + printable(name) + "'");
        };
    }

    private static void requireEmpty(String rest, String name) throws SpfSyntaxException {
        if (!rest.isEmpty()) {
            throw new SpfSyntaxException("'" + name + "' with an argument");
        }
    }

    private static String argument(String rest, String name) throws SpfSyntaxException {
        if (!rest.startsWith(":") || rest.length() == 1) {
            throw new SpfSyntaxException("'" + name + "' without its argument");
        }
        return rest.substring(1);
    }

    private static Optional<MacroString> optionalDomain(String rest, String name) throws SpfSyntaxException {
        return rest.isEmpty() ? Optional.empty() : Optional.of(MacroString.domainSpec(argument(rest, name)));
    }

    private static Mechanism ip(String text, boolean v6) throws SpfSyntaxException {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int max = v6 ? 128 : 32;
        int prefix = slash < 0 ? max : Cidr.prefix(text.substring(slash + 1), max);
        boolean form = v6 ? isIpv6Form(address) : isDottedQuad(address);
        if (!form) {
            throw new SpfSyntaxException("'" + printable(address) + "' is no address");
        }
        try {
            return new Mechanism.Ip(InetAddress.ofLiteral(address), v6, prefix);
        } catch (IllegalArgumentException e) {
            throw new SpfSyntaxException("'" + printable(address) + "' is no address");
        }
    }

    /** Only what RFC 4291 §2.2 uses; the JDK would take brackets and zones too, and decides about the rest. */
    private static boolean isIpv6Form(String text) {
        return text.indexOf(':') >= 0 && text.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0);
    }

    /** Four numbers without leading zeros (RFC 7208 §5.6); the JDK would take more forms. */
    private static boolean isDottedQuad(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 4) {
            return false;
        }
        for (String number : numbers) {
            boolean digits = !number.isEmpty() && number.length() <= 3 && number.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (number.length() > 1 && number.startsWith("0")) || Integer.parseInt(number) > 255) {
                return false;
            }
        }
        return true;
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.chars().limit(300).forEach(c -> safe.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return safe.toString();
    }

    /**
     * The lengths at the end of {@code a} and {@code mx}: {@code /24}, {@code //64} or {@code /24//64}.
     *
     * @param before what stands before them
     */
    private record Cidr(String before, int prefix4, int prefix6) {
        static Cidr split(String text) throws SpfSyntaxException {
            String rest = text;
            int prefix6 = 128;
            int prefix4 = 32;
            int digits = trailingDigits(rest);
            if (rest.startsWith("//", digits - 2)) {
                prefix6 = prefix(rest.substring(digits), 128);
                rest = rest.substring(0, digits - 2);
                digits = trailingDigits(rest);
            }
            if (digits > 0 && rest.charAt(digits - 1) == '/') {
                prefix4 = prefix(rest.substring(digits), 32);
                rest = rest.substring(0, digits - 1);
            }
            return new Cidr(rest, prefix4, prefix6);
        }

        private static int trailingDigits(String text) {
            int start = text.length();
            while (start > 0 && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
                start--;
            }
            return start;
        }

        static int prefix(String digits, int max) throws SpfSyntaxException {
            boolean form = !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (digits.length() == 1 || !digits.startsWith("0"));
            if (!form || Integer.parseInt(digits) > max) {
                throw new SpfSyntaxException("the prefix length '" + printable(digits) + "'");
            }
            return Integer.parseInt(digits);
        }
    }
}
