package io.mailserver.cli;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.check.FixedNow;
import io.mailserver.check.MessageFile;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.Resolver;
import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.dns.SystemResolvers;
import io.mailserver.smtp.Address;
import io.mailserver.spf.SpfRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one check or signature was asked for, whether by options or by the keys of a JSON object. Names are compared without dashes,
 * underscores and case. What is missing or wrong is a {@link UsageException}.
 *
 * @param values by plain name, such as {@code mailfrom}
 * @param in standard input, for a file named {@code -}
 */
record CheckOptions(Map<String, String> values, InputStream in) {
    /** A message on standard input is kept in memory. */
    private static final int MAX_PIPED_OCTETS = 64 << 20;

    private static final String RECEIVER = "unknown";

    CheckOptions(Map<String, String> values, InputStream in) {
        Map<String, String> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> plain.put(plainName(name), value));
        this.values = Map.copyOf(plain);
        this.in = in;
    }

    static String plainName(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(plainName(name)));
    }

    String required(String name) {
        return text(name).filter(value -> !value.isEmpty()).orElseThrow(() -> new UsageException("--" + name + " is missing"));
    }

    /** The client and its envelope; {@code --ip} must be there, and a name or a sender. */
    SpfRequest envelope() {
        InetAddress client;
        try {
            client = InetAddress.ofLiteral(required("ip"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--ip " + required("ip") + " is not an address");
        }
        if (text("helo").isEmpty() && text("mail-from").isEmpty()) {
            throw new UsageException("--helo or --mail-from is missing");
        }
        return new SpfRequest(client, text("helo").orElse(""), path(text("mail-from").orElse("")));
    }

    /** The same where an address was given at all. */
    Optional<SpfRequest> optionalEnvelope() {
        return text("ip").isPresent() ? Optional.of(envelope()) : Optional.empty();
    }

    /** Those of {@code --rcpt-to}. */
    List<Address> recipients() {
        List<Address> recipients = new ArrayList<>();
        for (String typed : text("rcpt-to").orElse("").split(",", -1)) {
            if (!typed.isBlank()) {
                String address = path(typed.strip());
                int at = address.lastIndexOf('@');
                Domain domain = Domain.parse(address.substring(at + 1)).filter(any -> at > 0)
                        .orElseThrow(() -> new UsageException("--rcpt-to " + address + " is not an address"));
                recipients.add(Address.of(address.substring(0, at), domain));
            }
        }
        return recipients;
    }

    String receiver() {
        return text("receiver").orElse(RECEIVER);
    }

    /** Asks the servers of {@code --dns}, else those of this machine. */
    Resolver resolver(Time time) {
        List<NameServer> servers = text("dns").isPresent()
                ? List.of(SystemResolvers.parseServer(text("dns").get()).orElseThrow(
                        () -> new UsageException("--dns " + text("dns").get() + " is not ADDRESS:PORT, such as 127.0.0.1:5353")))
                : SystemResolvers.read(SystemResolvers.RESOLV_CONF);
        return new CachingResolver(ResolverSettings.of(servers), time);
    }

    /** As of {@code --time}, else now. */
    Time asOf(Time running) {
        Optional<String> seconds = text("time");
        if (seconds.isEmpty()) {
            return running;
        }
        try {
            return new FixedNow(running, Instant.ofEpochSecond(Long.parseLong(seconds.get().strip())));
        } catch (NumberFormatException | DateTimeException e) {
            throw new UsageException("--time " + seconds.get() + " is not a number of seconds since 1970");
        }
    }

    /** The message; {@code -} is standard input. */
    MessageFile message() throws IOException {
        String name = text("file").orElseThrow(() -> new UsageException("the file with the message is missing"));
        if (name.equals("-")) {
            byte[] piped = in.readNBytes(MAX_PIPED_OCTETS + 1);
            if (piped.length > MAX_PIPED_OCTETS) {
                throw new UsageException("a message on standard input may have " + (MAX_PIPED_OCTETS >> 20) + " MiB; name its file");
            }
            return MessageFile.of(piped);
        }
        return MessageFile.of(readable(name));
    }

    /** A file that can be read. */
    static Path readable(String name) {
        try {
            Path file = Path.of(name);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file;
            }
            throw new UsageException(name + (Files.exists(file) ? " cannot be read" : " does not exist"));
        } catch (InvalidPathException e) {
            throw new UsageException("\"" + name + "\" is not the name of a file");
        }
    }

    /** The reverse-path, with or without its angle brackets. */
    private static String path(String typed) {
        boolean bracketed = typed.startsWith("<") && typed.endsWith(">");
        return bracketed ? typed.substring(1, typed.length() - 1) : typed;
    }
}
