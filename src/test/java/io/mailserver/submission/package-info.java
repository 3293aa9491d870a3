/** Tests of what messages of our own users get. */
@NullMarked
package io.mailserver.submission;

import org.jspecify.annotations.NullMarked;
