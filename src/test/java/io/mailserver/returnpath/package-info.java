/** Tests. */
@NullMarked
package io.mailserver.returnpath;

import org.jspecify.annotations.NullMarked;
