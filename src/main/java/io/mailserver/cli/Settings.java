package io.mailserver.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What every command takes.
 *
 * @param data {@code --data}
 * @param config {@code --config}
 * @param sets {@code --set key=value}, in the order given
 */
public record Settings(Optional<Path> data, Optional<Path> config, Map<String, String> sets) {
    public Settings {
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
    }
}
