/**
 * SASL (RFC 4422) without sockets: server sides of PLAIN (RFC 4616) and LOGIN as state machines over octets, SASLprep (RFC 4013) and the
 * keys of SCRAM-SHA-256 (RFC 5802, RFC 7677).
 *
 * <p>Invariants: nothing here logs, keeps or compares a secret by ordinary equality; every input has a limit; base64 and line ends are
 * the business of the protocol that carries the exchange. A mechanism object serves one exchange on one thread; everything else is pure.
 *
 * <p>Start with {@link io.mailserver.sasl.SaslExchange}.
 */
@NullMarked
package io.mailserver.sasl;

import org.jspecify.annotations.NullMarked;
