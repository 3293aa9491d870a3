package io.mailserver.app;

import io.mailserver.base.Domain;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a start was asked for besides its configuration.
 *
 * @param locations configuration and data folder
 * @param domain {@code --domain}: made if it is missing
 * @param command for whoever is refused the data lock
 * @param ownsProcess whether root may be given up, which is for the whole process and for good: not in tests and in training
 * @param secrets takes the one line with the password of a new postmaster, which must not go where logs go
 */
public record ServerOptions(
        Locations locations, Optional<Domain> domain, String command, boolean ownsProcess, Consumer<String> secrets) {}
