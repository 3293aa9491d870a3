/**
 * Tells junk from mail people want, and says why: named rules with points, a classifier that learns from what people move into and out of
 * Junk, and the answers of others.
 *
 * <p>Invariants: nothing here refuses, moves or deletes mail; it gives points with reasons, and {@code delivery} decides. Work on a message
 * is bounded whatever the message holds. What fails or is late is left out, counted, and never counts as a finding.
 *
 * <p>Threads: classifiers are safe for any thread; what is made per message is for one.
 *
 * <p>Start with {@link io.mailserver.spam.SpamFilter} for judging and {@link io.mailserver.spam.JunkTraining} for learning.
 */
@NullMarked
package io.mailserver.spam;

import org.jspecify.annotations.NullMarked;
