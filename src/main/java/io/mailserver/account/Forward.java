package io.mailserver.account;

import io.mailserver.smtp.Address;

/**
 * An address of another server that gets the mail of an alias here.
 *
 * @param alias the alias that names it, canonical
 * @param target as the operator wrote it
 */
public record Forward(Address alias, Address target) {}
