/**
 * SASL (RFC 4422) without sockets: server sides of PLAIN (RFC 4616), LOGIN, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677) as
 * state machines over octets, and SASLprep (RFC 4013). Channel bindings are tls-exporter (RFC 9266) and tls-server-end-point (RFC 5929).
 *
 * <p>Invariants: nothing here logs, keeps or compares a secret by ordinary equality; every input has a limit; base64 and line ends are
 * the business of the protocol that carries the exchange. A mechanism object serves one exchange on one thread; everything else is pure.
 *
 * <p>Start with {@link io.mailserver.sasl.SaslLogin}.
 */
@NullMarked
package io.mailserver.sasl;

import org.jspecify.annotations.NullMarked;
