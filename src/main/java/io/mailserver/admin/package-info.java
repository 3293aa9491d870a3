/** Operations on a running or stopped server, the control socket, metrics and health over HTTP. */
@NullMarked
package io.mailserver.admin;

import org.jspecify.annotations.NullMarked;
