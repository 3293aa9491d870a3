package io.mailserver.smtp;

import io.mailserver.base.Domain;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reverse-path and Forward-path (RFC 5321 §4.1.2, RFC 6531 §3.3), strict but for blanks before them. */
final class PathParser {
    /**
     * RFC 5321 §4.5.3.1.1 obliges to 64 octets and wishes for more: senders put whole addresses into the local parts of their
     * reverse-paths, and their mail is wanted.
     */
    private static final int MAX_LOCAL_PART_OCTETS = 256;

    private final LineCursor line;
    private final Side side;

    /** Which of the two paths, with what its refusals say. */
    enum Side {
        REVERSE("5.1.7", "MAIL FROM:<user@example.com>", "sender"),
        FORWARD("5.1.3", "RCPT TO:<user@example.com>", "recipient");

        private final String status;
        private final String example;
        private final String noun;

        Side(String status, String example, String noun) {
            this.status = status;
            this.example = example;
            this.noun = noun;
        }
    }

    PathParser(LineCursor line, Side side) {
        this.line = line;
        this.side = side;
    }

    /** A path with its angle brackets; empty for {@code <>}, which a forward-path may not be. */
    Optional<Address> path() throws SmtpSyntaxException {
        line.skipBlanks();
        if (!line.tryChar('<')) {
            throw refuse("Put the address in angle brackets: " + side.example);
        }
        if (line.tryChar('>')) {
            if (side == Side.FORWARD) {
                throw refuse("A recipient cannot be empty");
            }
            return Optional.empty();
        }
        dropSourceRoute();
        String localPart = localPart();
        Address address = new Address(localPart, hostAfter(localPart));
        if (!line.tryChar('>')) {
            throw refuse("The " + side.noun + " address is not valid: " + side.example);
        }
        return Optional.of(address);
    }

    /** {@code @a,@b:} is accepted and ignored (RFC 5321 §4.1.2, appendix C). */
    private void dropSourceRoute() throws SmtpSyntaxException {
        if (line.peek() != '@') {
            return;
        }
        do {
            if (!line.tryChar('@') || Domain.parse(hostText()).isEmpty()) {
                throw refuse("The source route is not valid, and not needed: " + side.example);
            }
        } while (line.tryChar(','));
        if (!line.tryChar(':')) {
            throw refuse("The source route is not valid, and not needed: " + side.example);
        }
    }

    private String localPart() throws SmtpSyntaxException {
        String text = line.peek() == '"' ? quotedString() : dotString();
        if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_PART_OCTETS) {
            throw refuse("The " + side.noun + " local part must have 1 to " + MAX_LOCAL_PART_OCTETS + " octets");
        }
        return text;
    }

    private String dotString() throws SmtpSyntaxException {
        int start = line.position();
        boolean atomStart = true;
        while (true) {
            char c = line.peek();
            if (c == '.' && !atomStart) {
                atomStart = true;
            } else if (c != LineCursor.END && AddressSyntax.isAtext(c)) {
                atomStart = false;
            } else {
                break;
            }
            line.next();
        }
        if (atomStart) {
            throw refuse("The " + side.noun + " local part is not valid: " + side.example);
        }
        return line.since(start);
    }

    private String quotedString() throws SmtpSyntaxException {
        StringBuilder text = new StringBuilder();
        line.next();
        while (!line.tryChar('"')) {
            char c = line.next();
            if (c == '\\') {
                c = line.next();
                if (c >= 0x80) { // quoted-pairSMTP is US-ASCII only
                    throw refuse("The quoted local part is not valid");
                }
            }
            if (c == LineCursor.END || c < ' ' || c == 0x7f) {
                throw refuse("The quoted local part is not valid");
            }
            text.append(c);
        }
        return text.toString();
    }

    private Address.Host hostAfter(String localPart) throws SmtpSyntaxException {
        if (side == Side.FORWARD && line.peek() == '>' && localPart.equalsIgnoreCase("postmaster")) {
            return new Address.Host.None(); // RFC 5321 §4.5.1
        }
        if (!line.tryChar('@')) {
            throw refuse("The " + side.noun + " address needs a domain: " + side.example);
        }
        if (line.tryChar('[')) {
            Optional<InetAddress> literal = AddressLiteral.parse(line.until(']'));
            if (literal.isEmpty() || !line.tryChar(']')) {
                throw refuse("The address literal is not valid: [192.0.2.1] or [IPv6:2001:db8::1]");
            }
            return new Address.Host.Literal(AddressLiteral.format(literal.get()));
        }
        Domain domain = Domain.parse(hostText()).orElseThrow(() -> refuse("The " + side.noun + " domain is not valid"));
        return new Address.Host.Named(domain);
    }

    private String hostText() {
        int start = line.position();
        while ("<>,:@ \"[]()\\".indexOf(line.peek()) < 0 && !line.atEnd()) {
            line.next();
        }
        return line.since(start);
    }

    private SmtpSyntaxException refuse(String text) {
        return new SmtpSyntaxException(Reply.of(501, side.status, text));
    }
}
