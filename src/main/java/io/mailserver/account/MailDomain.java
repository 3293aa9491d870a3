package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.time.Instant;
import java.util.Optional;

/**
 * A domain this server takes mail for.
 *
 * @param id never given to another domain
 * @param enabled whether its addresses get mail and its accounts may log in
 * @param catchAll who gets mail for addresses of it that nobody has
 */
public record MailDomain(long id, Domain name, boolean enabled, Optional<Address> catchAll, Instant created) {}
