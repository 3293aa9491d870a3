/** The shape of the code as tests: package directions, forbidden calls, sizes, RFC citations. */
@NullMarked
package io.mailserver.structure;

import org.jspecify.annotations.NullMarked;
