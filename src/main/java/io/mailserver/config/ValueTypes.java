package io.mailserver.config;

import io.mailserver.base.Domain;
import io.mailserver.dns.SystemResolvers;
import io.mailserver.net.Endpoint;
import io.mailserver.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of one value becomes a value, for each type a key may have.
 *
 * @param folder what relative paths start from
 * @param environment where {@code env:NAME} is looked up
 */
record ValueTypes(Path folder, Map<String, String> environment) {
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:ms|s|m|h|d))+");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final int MAX_SECRET_OCTETS = 64 * 1024;

    /** The name of a type in the reference. */
    static String nameOf(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "int", "long" -> "number";
            case "boolean" -> "true or false";
            case "String" -> "text";
            case "Duration" -> "duration";
            case "ByteSize" -> "size";
            case "InetAddress" -> "address";
            case "Network" -> "network";
            case "Domain" -> "domain";
            case "Path" -> "path";
            case "Secret" -> "secret";
            case "NameServer" -> "address and port";
            case "NamePattern" -> "pattern";
            case "Endpoint" -> "host:port or path";
            case "Integer", "double" -> "number";
            default -> type.isEnum() ? "one of " + String.join(", ", words(type)) : type.getSimpleName();
        };
    }

    /** The words of an enum, as they are written. */
    static List<String> words(Class<?> enumType) {
        List<String> words = new ArrayList<>();
        for (Object constant : enumType.getEnumConstants()) {
            words.add(Words.kebab(((Enum<?>) constant).name()));
        }
        return words;
    }

    /** Reads {@code text} as a value of {@code type}. */
    Object parse(Class<?> type, String text) throws BadValueException {
        if (type.isEnum()) {
            return word(type, text);
        }
        return switch (type.getSimpleName()) {
            case "boolean" -> bool(text);
            case "int", "Integer" -> Math.toIntExact(number(text, Integer.MAX_VALUE));
            case "long" -> number(text, Long.MAX_VALUE);
            case "double" -> decimal(text);
            case "String" -> text;
            case "Duration" -> duration(text);
            case "ByteSize" -> ByteSize.parse(text);
            case "InetAddress" -> address(text);
            case "Network" -> network(text);
            case "Domain" -> Domain.parse(text).orElseThrow(() -> new BadValueException(
                    "not a domain name: " + Words.quote(text), "write letters, digits and hyphens, such as mail.example.com"));
            case "Path" -> path(text);
            case "Secret" -> secret(text);
            case "NameServer" -> SystemResolvers.parseServer(text).orElseThrow(() -> new BadValueException(
                    "not the address of a DNS server: " + Words.quote(text), "write 127.0.0.1, 127.0.0.1:5353 or [::1]:5353"));
            case "Endpoint" -> Endpoint.parse(text).orElseThrow(() -> new BadValueException(
                    "not where a program listens: " + Words.quote(text), "write 127.0.0.1:3310 or the absolute path of a socket"));
            case "NamePattern" -> NamePattern.parse(text).orElseThrow(() -> new BadValueException(
                    "not a pattern: " + Words.quote(text), "write a domain, an address, or either with asterisks, such as *@example.com"));
            default -> throw new IllegalStateException("keys of type " + type + " are not supported");
        };
    }

    private static Object word(Class<?> type, String text) throws BadValueException {
        Map<String, Object> byWord = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            byWord.put(Words.kebab(((Enum<?>) constant).name()), constant);
        }
        Object found = byWord.get(text);
        if (found == null) {
            throw new BadValueException("unknown word " + Words.quote(text), "write " + String.join(" or ", byWord.keySet()));
        }
        return found;
    }

    private static boolean bool(String text) throws BadValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("neither true nor false: " + Words.quote(text), "write true or false");
        };
    }

    private static long number(String text, long max) throws BadValueException {
        try {
            if (text.matches("-?\\d{1,19}")) {
                long number = Long.parseLong(text);
                if (number <= max && number >= -max) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw new BadValueException("number too large: " + Words.quote(text), "");
        }
        throw new BadValueException("not a whole number: " + Words.quote(text), "write digits only");
    }

    private static double decimal(String text) throws BadValueException {
        if (!text.matches("-?\\d{1,9}(\\.\\d{1,6})?")) {
            throw new BadValueException("not a number: " + Words.quote(text), "write digits and perhaps a point, such as 2 or 0.5");
        }
        return Double.parseDouble(text);
    }

    private static Duration duration(String text) throws BadValueException {
        String compact = text.replace(" ", "");
        if (!DURATION.matcher(compact).matches()) {
            throw new BadValueException(
                    "not a duration: " + Words.quote(text), "write a number with ms, s, m, h or d, such as 30s, 5m or 1h30m");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(compact);
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            });
        }
        return sum;
    }

    private static InetAddress address(String text) throws BadValueException {
        if (text.equals("*")) {
            return new InetSocketAddress(0).getAddress();
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new BadValueException(
                    "not an address: " + Words.quote(text), "write an IPv4 or IPv6 address, or \"*\" for all of this machine");
        }
    }

    private static Network network(String text) throws BadValueException {
        Optional<Network> network = Network.parse(text);
        return network.orElseThrow(() -> new BadValueException(
                "not a network: " + Words.quote(text),
                "write an address and how many leading bits count, such as 192.0.2.0/24 or 2001:db8::/32; the other bits are zero"));
    }

    private Path path(String text) throws BadValueException {
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new BadValueException("not a path: " + Words.quote(text), "");
        }
    }

    private Secret secret(String text) throws BadValueException {
        if (text.startsWith("env:")) {
            String name = text.substring("env:".length());
            String value = environment.get(name);
            if (value == null) {
                throw new BadValueException(
                        "the environment variable " + Words.quote(name) + " is not set", "set it where the server is started");
            }
            return new Secret(value);
        }
        if (text.startsWith("file:")) {
            return secretFile(path(text.substring("file:".length())));
        }
        // The text itself may be the secret: it must not be repeated.
        throw new BadValueException(
                "a secret may not stand in the configuration", "put it into a file readable by the server only and write file:/path");
    }

    private static Secret secretFile(Path file) throws BadValueException {
        try {
            if (Files.size(file) > MAX_SECRET_OCTETS) {
                throw new BadValueException("the secret file " + file + " is larger than 64 KiB", "name another file");
            }
            return new Secret(Files.readString(file).stripTrailing());
        } catch (IOException e) {
            throw new BadValueException("the secret file " + file + " cannot be read", "check that it exists, is text, and its mode");
        }
    }
}
