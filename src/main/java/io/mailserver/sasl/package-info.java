/** SASL mechanisms (RFC 4422) as pure state machines over octets. */
@NullMarked
package io.mailserver.sasl;

import org.jspecify.annotations.NullMarked;
