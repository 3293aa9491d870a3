/** Domains, accounts, aliases and credentials in system.db. */
@NullMarked
package io.mailserver.account;

import org.jspecify.annotations.NullMarked;
