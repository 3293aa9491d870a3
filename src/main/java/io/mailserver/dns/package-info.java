/**
 * Questions to the DNS and their typed answers (RFC 1034, 1035, 2181, 2308, 4033, 6840, 6891, 7766, 8914, 9520).
 *
 * <p>Everybody else sees {@link io.mailserver.dns.Resolver}, {@link io.mailserver.dns.DnsName}, {@link io.mailserver.dns.RecordType}
 * and {@link io.mailserver.dns.Answer}; dnsjava stays inside this package (docs/decisions/0600). The server uses one
 * {@link io.mailserver.dns.CachingResolver}; tests use {@code simulation.ZoneText}, which answers from a
 * {@link io.mailserver.dns.Zone} written as text; {@link io.mailserver.dns.ZoneServer} serves such a zone on loopback.
 *
 * <p>Invariants: "the name does not exist" is never said when the truth is "nobody answered"; an answer is called authentic only
 * after our own DNSSEC validation or by a resolver we were told to trust; every wait has a deadline, the cache and the questions in
 * flight have a bound.
 *
 * <p>Threads: everything here may be used by any thread. Questions are asked on virtual threads of their own, so that a caller who
 * gives up takes nothing from others who wait for the same answer.
 *
 * <p>Start with {@link io.mailserver.dns.Resolver} and {@link io.mailserver.dns.CachingResolver}.
 */
@NullMarked
package io.mailserver.dns;

import org.jspecify.annotations.NullMarked;
