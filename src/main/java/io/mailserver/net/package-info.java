/** Sockets, TLS, listeners, deadlines, limits on connections, PROXY protocol, the HTTP listener. */
@NullMarked
package io.mailserver.net;

import org.jspecify.annotations.NullMarked;
