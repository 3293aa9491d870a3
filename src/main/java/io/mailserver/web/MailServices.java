package io.mailserver.web;

import io.mailserver.base.Domain;
import java.util.List;

/**
 * What a mail program needs to know of this server.
 *
 * @param host what to connect to
 * @param services the best first
 */
public record MailServices(Domain host, List<Service> services) {
    public MailServices {
        services = List.copyOf(services);
    }

    /** What is spoken there. */
    public enum Protocol {
        IMAP,
        SMTP
    }

    /** @param implicitTls whether TLS begins with the first octet; else STARTTLS */
    public record Service(Protocol protocol, int port, boolean implicitTls) {}

    List<Service> of(Protocol protocol) {
        return services.stream().filter(service -> service.protocol() == protocol).toList();
    }
}
