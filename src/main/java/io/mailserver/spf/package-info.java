/**
 * Sender Policy Framework: may this client send mail for this domain (RFC 7208, with RFC 8616 for internationalized addresses)?
 *
 * <p>A library without store or configuration: {@link io.mailserver.spf.SpfChecker} takes a resolver, a clock and limits.
 * {@link io.mailserver.spf.SpfRecord} is the parsed record, {@link io.mailserver.spf.MacroString} its macros; the evaluation of one
 * check is an {@code Evaluation}, which lives as long as that check.
 *
 * <p>Invariants: a DNS failure is temperror, never a pass and never "no match"; one check asks at most some 130 questions and ends
 * within its time; what the domain's owner wrote reaches nobody but as printable ASCII.
 *
 * <p>Threads: a checker may be used by any number of threads.
 *
 * <p>Start with {@link io.mailserver.spf.SpfChecker}.
 */
@NullMarked
package io.mailserver.spf;

import org.jspecify.annotations.NullMarked;
