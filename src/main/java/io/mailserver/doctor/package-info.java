/**
 * What a domain should publish in the DNS for this server, and whether the world sees it: the records of {@code ./mailserver dns}
 * ({@link io.mailserver.doctor.DomainRecords}) and the examination of {@code ./mailserver doctor} ({@link io.mailserver.doctor.Doctor}).
 * Records of RFC 5321, RFC 7208, RFC 6376, RFC 9989, RFC 8460, RFC 6186, RFC 8314, RFC 8659.
 *
 * <p>Invariants: nothing is promised in a record that this server does not do; nothing is changed by looking; a DNS that does not answer
 * is told as such, never as a missing record; an answer of a block list that means an error is never taken for a listing.
 *
 * <p>Threads: values, and services that block for the DNS and the network.
 */
@NullMarked
package io.mailserver.doctor;

import org.jspecify.annotations.NullMarked;
