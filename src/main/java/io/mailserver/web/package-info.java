/**
 * What a browser gets: the webmail's files, which are a JMAP client and nothing more.
 *
 * <p>RFC 9110 (HTTP), RFC 8246 (immutable answers).
 *
 * <p>Invariants: nothing inline and nothing of other sites runs, since every page carries its Content-Security-Policy; a message's HTML
 * is shown in pages of their own that run no script at all and load nothing of strangers unless asked; a path is looked up in the list of
 * the build's files, never on disk.
 *
 * <p>Threads: immutable, safe for use by any.
 *
 * <p>Start with {@link io.mailserver.web.Webmail}; the sources are in {@code src/main/web}, how they become files is decision 0820.
 */
@NullMarked
package io.mailserver.web;

import org.jspecify.annotations.NullMarked;
