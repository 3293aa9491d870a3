package io.mailserver.delivery;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Handling;
import java.util.List;

/** The header field {@code TLS-Required: No} (RFC 8689 §3), turned into the tag of the message. */
final class TlsRequired {
    private static final String FIELD = "TLS-Required";

    private TlsRequired() {}

    /** The envelope with what the header says; a REQUIRETLS of MAIL FROM outweighs it (RFC 8689 §4.1). */
    static Envelope tagged(Envelope envelope, HeaderBlock header) {
        Handling handling = envelope.parameters().handling();
        List<String> values = header.all(FIELD).stream().map(field -> field.text().strip()).toList();
        // RFC 8689 §3: more than one is no field at all.
        boolean no = values.size() == 1 && values.getFirst().equalsIgnoreCase("No");
        return no && handling.tls() == Handling.Tls.USUAL
                ? envelope.with(envelope.parameters().with(handling.with(Handling.Tls.OPTIONAL)))
                : envelope;
    }
}
