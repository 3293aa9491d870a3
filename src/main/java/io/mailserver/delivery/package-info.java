/** What happens to an accepted message: gather facts, decide, act. */
@NullMarked
package io.mailserver.delivery;

import org.jspecify.annotations.NullMarked;
