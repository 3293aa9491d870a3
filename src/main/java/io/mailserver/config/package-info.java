/** The configuration file as immutable records. */
@NullMarked
package io.mailserver.config;

import org.jspecify.annotations.NullMarked;
