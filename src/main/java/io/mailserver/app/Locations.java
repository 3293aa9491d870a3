package io.mailserver.app;

import io.mailserver.config.Config;
import io.mailserver.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where configuration and data lie: what the command line says, else the usual places of root and of everybody else. The same for
 * every command.
 *
 * @param configFile may not exist; then {@code config} holds the defaults
 * @param config with {@code sets} on top
 * @param sets values of the command line, by their keys' paths
 * @param data the data folder; may not exist
 */
public record Locations(Path configFile, Config config, Map<String, String> sets, Path data) {
    private static final Path ROOT_CONFIG = Path.of("/etc/mailserver/config.yml");
    private static final Path ROOT_DATA = Path.of("/var/lib/mailserver");
    private static final Path USER_DATA = Path.of("data");
    private static final String CONFIG_NAME = "config.yml";

    public Locations {
        sets = Map.copyOf(sets);
    }

    /**
     * Finds and reads the configuration.
     *
     * @param configOption {@code --config}
     * @param dataOption {@code --data}
     * @param sets {@code --set} and the options that stand for it
     * @param root whether this process runs as root
     * @throws io.mailserver.base.OperatorException the configuration has errors
     */
    public static Locations find(Optional<Path> configOption, Optional<Path> dataOption, Map<String, String> sets, boolean root) {
        Path file = configOption.orElseGet(() -> usualConfig(dataOption, root));
        Config config = Files.exists(file) ? ConfigLoader.load(file, sets) : ConfigLoader.of(sets);
        Path data = dataOption.or(config::data).orElse(root ? ROOT_DATA : USER_DATA);
        return new Locations(file, config, sets, data.toAbsolutePath().normalize());
    }

    /** A data folder that was named brings its own configuration, so that a trial never reads or writes that of the service. */
    private static Path usualConfig(Optional<Path> dataOption, boolean root) {
        if (dataOption.isEmpty() && root) {
            return ROOT_CONFIG;
        }
        return dataOption.orElse(USER_DATA).resolve(CONFIG_NAME);
    }
}
