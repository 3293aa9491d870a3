package io.mailserver.jmap;

import io.mailserver.smtp.SmtpCommand;
import io.mailserver.smtp.SmtpCommandParser;
import io.mailserver.smtp.SmtpSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Address objects of an envelope (RFC 8621 §7), read by the parser that reads MAIL and RCPT, so that the same things are right in both. */
final class SmtpPath {
    private static final int MAX_OCTETS = 4_000;

    private SmtpPath() {}

    /** MAIL FROM of an address; empty if it or a parameter is not valid. */
    static Optional<SmtpCommand.Mail> sender(ObjectNode address) {
        return line("MAIL FROM:", address).flatMap(SmtpPath::parse)
                .filter(SmtpCommand.Mail.class::isInstance).map(SmtpCommand.Mail.class::cast);
    }

    /** RCPT TO of an address; empty if it or a parameter is not valid. */
    static Optional<SmtpCommand.Rcpt> recipient(ObjectNode address) {
        return line("RCPT TO:", address).flatMap(SmtpPath::parse)
                .filter(SmtpCommand.Rcpt.class::isInstance).map(SmtpCommand.Rcpt.class::cast);
    }

    static ObjectNode address(String email) {
        return Json.object().put("email", email);
    }

    private static Optional<String> line(String verb, ObjectNode address) {
        JsonNode email = address.get("email");
        if (email == null || !email.isString()) {
            return Optional.empty();
        }
        StringBuilder line = new StringBuilder(verb).append('<').append(email.stringValue()).append('>');
        JsonNode parameters = address.path("parameters");
        if (!parameters.isObject() && !parameters.isNull() && !parameters.isMissingNode()) {
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            String name = parameter.getKey().toUpperCase(Locale.ROOT);
            line.append(' ').append(name);
            JsonNode value = parameter.getValue();
            if (value.isString()) {
                // RFC 8621 §7: without encodings; those that SMTP wants in xtext (RFC 3461 §4) get it here.
                boolean xtext = name.equals("ENVID") || name.equals("AUTH");
                line.append('=').append(xtext ? xtext(value.stringValue()) : value.stringValue());
            } else if (!value.isNull()) {
                return Optional.empty();
            }
        }
        // One line and no more: a line end in an address would be the next command of some server.
        return line.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(line.toString());
    }

    private static String xtext(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet > ' ' && octet < 0x7f && octet != '+' && octet != '=';
            encoded.append(plain ? String.valueOf((char) octet) : "+%02X".formatted(octet & 0xff));
        }
        return encoded.toString();
    }

    private static Optional<SmtpCommand> parse(String line) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        if (octets.length > MAX_OCTETS) {
            return Optional.empty();
        }
        try {
            return Optional.of(SmtpCommandParser.parse(octets, 0, octets.length, MAX_OCTETS, true));
        } catch (SmtpSyntaxException e) {
            return Optional.empty();
        }
    }
}
