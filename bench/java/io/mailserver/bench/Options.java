package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import io.mailserver.net.Endpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of a benchmark: its name, then {@code --key value} and {@code --key}.
 *
 * @param name which benchmark
 * @param values by key, without the dashes; empty for a key without a value
 */
record Options(String name, Map<String, String> values) {
    static final String USAGE = """
            smtp-in [--full] [--rounds 3] [--seconds 6] [--only ours|postfix] [--sessions N --octets N [--tls] [--one]]
              maildir [--sessions N] [--rounds 3] [--seconds 4]
              footprint [--seconds 60]
              large [--mib 1024]
              auth [--rounds 3] [--seconds 6] [--messages 1000]
              imap [--messages 100000] [--rounds 5] [--seconds 4] [--idle 1000] [--cell TEXT] [--only ours|dovecot]
              jmap [--messages 100000] [--sources 1000]
              relay [--messages 10000] [--rounds 3] [--only ours]
              relay --destinations 1000 [--messages 100000]
              spam [--seed N] [--each 1000] [--trained 200] [--rounds 3] [--only ours|spamd|rspamd] [--spamd HOST:PORT] [--rspamd HOST:PORT]
              each with [--folder DIR] [--keep]""";

    /** @throws OperatorException when they make no sense */
    static Options parse(String... arguments) {
        if (arguments.length == 0 || arguments[0].startsWith("-")) {
            throw new OperatorException("which benchmark?", USAGE);
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            if (!arguments[i].startsWith("--")) {
                throw new OperatorException("unexpected: " + arguments[i], USAGE);
            }
            boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
            values.put(arguments[i].substring(2), hasValue ? arguments[i + 1] : "");
            i += hasValue ? 1 : 0;
        }
        return new Options(arguments[0], values);
    }

    boolean full() {
        return has("full");
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether {@code server} is to be measured: all are unless {@code --only} names one. */
    boolean wants(String server) {
        return values.getOrDefault("only", server).equals(server);
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    /** Where another program listens that was started elsewhere. */
    Optional<Endpoint> endpoint(String key) {
        String value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(Endpoint.parse(value).orElseThrow(() ->
                new OperatorException("--" + key + " needs HOST:PORT, not \"" + value + "\"", USAGE)));
    }

    int number(String key, int otherwise) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new OperatorException("--" + key + " needs a number, not \"" + value + "\"", USAGE, e);
        }
    }

    Path folder(Path otherwise) {
        String folder = values.get("folder");
        return folder == null ? otherwise : Path.of(folder).toAbsolutePath();
    }
}
