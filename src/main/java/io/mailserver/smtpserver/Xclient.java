package io.mailserver.smtpserver;

import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.Client;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/** What the attributes of Postfix's XCLIENT make of a client. NAME, PROTO and HELO are not taken: we ask and hear for ourselves. */
final class Xclient {
    private static final int MAX_PORT = 65_535;

    private Xclient() {}

    /** The client as the proxy names it; empty where an attribute is not valid. */
    static Optional<Client> apply(Client proxy, Map<String, String> attributes) {
        Optional<InetAddress> address = known(attributes, "ADDR").map(AddressLiteral::parse).orElse(Optional.of(proxy.address()));
        Optional<Integer> port = known(attributes, "PORT").map(Xclient::port).orElse(Optional.of(proxy.port()));
        Optional<Integer> localPort = known(attributes, "DESTPORT").map(Xclient::port).orElse(Optional.of(proxy.localPort()));
        if (address.isEmpty() || port.isEmpty() || localPort.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(proxy.speakingFor(address.get(), port.get(), localPort.get(), known(attributes, "LOGIN")));
    }

    private static Optional<String> known(Map<String, String> attributes, String name) {
        return Optional.ofNullable(attributes.get(name))
                .filter(value -> !value.isEmpty() && !value.equalsIgnoreCase("[UNAVAILABLE]") && !value.equalsIgnoreCase("[TEMPUNAVAIL]"));
    }

    private static Optional<Integer> port(String text) {
        boolean digits = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Integer.parseInt(text) <= MAX_PORT ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
