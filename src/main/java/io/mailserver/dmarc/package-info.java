/**
 * Domain-based Message Authentication, Reporting and Conformance: does the domain that readers see stand behind a message, and what does
 * its owner ask for if not (RFC 9989; the fields of RFC 7489 are still understood)?
 *
 * <p>{@link io.mailserver.dmarc.DmarcChecker} asks the DNS ({@link io.mailserver.dmarc.TreeWalk}) and then decides by pure functions
 * over what was found; {@link io.mailserver.dmarc.AuthorDomains} reads the From field; {@link io.mailserver.dmarc.DmarcRecord} is the
 * published policy.
 *
 * <p>Invariants: a pass needs a pass of SPF or DKIM for a domain aligned with every author domain; a DNS failure that may hide a pass or
 * a policy is temperror, never pass or none; one walk asks at most eight questions.
 *
 * <p>Threads: services without state, values. Start with {@link io.mailserver.dmarc.DmarcChecker}.
 */
@NullMarked
package io.mailserver.dmarc;

import org.jspecify.annotations.NullMarked;
