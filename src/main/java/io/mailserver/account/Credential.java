package io.mailserver.account;

import java.time.Instant;
import java.util.Optional;

/**
 * One password of an account, without the password.
 *
 * @param id never given again
 * @param label what the operator calls it, such as {@code phone}; unique in the account
 * @param lastUsed when it was last used to log in, exact to an hour
 */
public record Credential(long id, String label, Instant created, Optional<Instant> lastUsed) {}
