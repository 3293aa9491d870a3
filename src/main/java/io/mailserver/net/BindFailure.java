package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.util.Optional;

/** Why a port could not be bound, in one line, with the way out. */
final class BindFailure {
    private static final int FIRST_UNPRIVILEGED = 1024;

    private BindFailure() {}

    /**
     * What to tell the operator.
     *
     * @param name of the listener, for people
     * @param address empty for all addresses
     */
    static OperatorException of(String name, Optional<InetAddress> address, int port, IOException cause) {
        String what = "cannot listen on port " + port + " for " + name + ": ";
        String reason = String.valueOf((cause.getCause() instanceof BindException bind ? bind : cause).getMessage());
        if (reason.contains("in use")) {
            Optional<String> holder = PortHolder.find(port);
            return new OperatorException(
                    what + holder.map(process -> process + " holds it").orElse("another process holds it"),
                    port < FIRST_UNPRIVILEGED
                            ? "stop that process, or use --ports high"
                            : "stop that process, or choose other ports under listeners in the configuration",
                    cause);
        }
        if (reason.contains("Permission denied")) {
            return new OperatorException(what + "ports below 1024 need root", "start it with sudo, or use --ports high", cause);
        }
        String where = address.map(InetAddress::getHostAddress).orElse("all addresses");
        return new OperatorException(what + reason + " (" + where + ")", "check the address of this listener", cause);
    }
}
