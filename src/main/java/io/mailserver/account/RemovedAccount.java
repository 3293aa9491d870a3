package io.mailserver.account;

import io.mailserver.smtp.Address;
import java.time.Instant;

/**
 * What is remembered of an account that was removed while its mail is kept.
 *
 * @param id never given again
 */
public record RemovedAccount(long id, Address address, Instant removed) {}
