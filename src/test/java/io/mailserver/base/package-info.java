/** Tests of the ground everything stands on. */
@NullMarked
package io.mailserver.base;

import org.jspecify.annotations.NullMarked;
