/** Tests of the SASL mechanisms and their preparations. */
@NullMarked
package io.mailserver.sasl;

import org.jspecify.annotations.NullMarked;
