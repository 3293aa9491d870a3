package io.mailserver.cli;

import java.util.Optional;

/**
 * What {@code start} takes besides {@link Settings}; the options that stand for a key of the configuration are among its sets.
 *
 * @param domain {@code --domain}, as typed; to be made with a postmaster where it is missing
 */
public record StartOptions(Optional<String> domain) {}
