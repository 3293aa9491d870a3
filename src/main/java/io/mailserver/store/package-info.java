/**
 * An account's folder on disk and what is in it (DESIGN §6), and the format versions that every store carries.
 *
 * <p>Invariants: a name of a folder made from an address is harmless, bounded and nobody else's; mail of a removed account is never
 * seen by a later one of the same name; a delivery is durable and visible in every account it names, or in none; a store newer than
 * this program is not touched, an older one is copied before it is changed.
 *
 * <p>Threads: callers are virtual threads and block; file work is done on the {@link io.mailserver.base.PlatformPool}. Who holds an
 * account's lock never writes to a client.
 *
 * <p>Start with {@link io.mailserver.store.AccountStore} and {@link io.mailserver.store.AccountFolders}.
 */
@NullMarked
package io.mailserver.store;

import org.jspecify.annotations.NullMarked;
