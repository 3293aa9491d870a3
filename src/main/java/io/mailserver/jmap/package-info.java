/**
 * JMAP: mail over HTTP and JSON, over the same store as IMAP.
 *
 * <p>Standards: RFC 8620 (core), RFC 8621 (mail), RFC 7493 (I-JSON), RFC 6901 (pointers), RFC 7807 (problems).
 *
 * <p>To add a data type: write its {@link io.mailserver.jmap.JmapType.Getter}, and a {@code ChangeLog}, {@code Querier} and {@code
 * Setter} where it has such methods; make a {@link io.mailserver.jmap.JmapType} of them and add it to the {@link
 * io.mailserver.jmap.MethodTable}, and its capability to the {@link io.mailserver.jmap.SessionResource}. Result references, created ids,
 * states, limits, paging and errors are then as for all types. Methods that are none of the standard ones are a {@link
 * io.mailserver.jmap.JmapMethod}. A bug in a method costs its call, not the request.
 *
 * <p>Invariants: a request sees and changes the accounts of its user and no other; what a limit refuses is refused as a whole; a state
 * that is told is one of the past or the present: what happened after it is told by /changes, or cannotCalculateChanges is.
 *
 * <p>Threads: a request has a virtual thread of its own and blocks; an event source has one, too, which waits.
 *
 * <p>Start with {@link io.mailserver.jmap.JmapHandler}, then {@link io.mailserver.jmap.Api} and {@code StandardMethods}.
 */
@NullMarked
package io.mailserver.jmap;

import org.jspecify.annotations.NullMarked;
