/** An account's folder on disk and what is in it. */
@NullMarked
package io.mailserver.store;

import org.jspecify.annotations.NullMarked;
