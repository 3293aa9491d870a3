package io.mailserver.smtp;

import io.mailserver.base.Domain;
import io.mailserver.smtp.SmtpVerb.Rule;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One command line, framed and without its CRLF, to a {@link SmtpCommand} (RFC 5321 §4.1.1). Pure; safe for any thread. */
public final class SmtpCommandParser {
    /** RFC 5321 §4.5.3.1.2. */
    private static final int MAX_HELLO_OCTETS = 255;

    /** RFC 4422 §3.1. */
    private static final int MAX_MECHANISM_LENGTH = 20;

    /** 18 digits always fit a long. */
    private static final int MAX_CHUNK_DIGITS = 18;

    private static final Set<String> XCLIENT_ATTRIBUTES =
            Set.of("NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT");

    private static final Set<String> HTTP_METHODS = Set.of("GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH");

    private SmtpCommandParser() {}

    /**
     * Parses the octets {@code from} to {@code to} (exclusive) of {@code line}.
     *
     * @param baseLimit of a command line in octets, CRLF included, to which the verb's own extra is added
     * @param smtputf8 whether the transaction under way was begun with SMTPUTF8, so that a recipient may hold UTF-8
     * @throws SmtpSyntaxException with the reply where it is no command
     */
    public static SmtpCommand parse(byte[] line, int from, int to, int baseLimit, boolean smtputf8) throws SmtpSyntaxException {
        boolean ascii = isPrintableAscii(line, from, to);
        LineCursor cursor = new LineCursor(text(line, from, to, ascii));
        String word = cursor.until(' ');
        SmtpVerb verb = SmtpVerb.named(word).orElseThrow(() -> unknown(word));
        if (to - from + 2 > baseLimit + verb.extraOctets()) {
            throw tooLong(verb);
        }
        boolean blank = cursor.tryChar(' ');
        if (verb.is(Rule.BARE) && blank && !cursor.rest().isBlank()) {
            throw refuse(501, "5.5.4", verb + " takes no argument");
        }
        return switch (verb) {
            case EHLO, HELO, LHLO -> hello(verb, cursor);
            case MAIL -> mail(cursor, ascii);
            case RCPT -> recipient(cursor, ascii || smtputf8);
            case BDAT -> chunk(cursor);
            case AUTH -> auth(cursor);
            case XCLIENT -> xclient(cursor);
            case VRFY, EXPN -> named(verb, cursor);
            case DATA, RSET, NOOP, HELP, QUIT, STARTTLS -> new SmtpCommand.Simple(verb, cursor.rest().strip());
        };
    }

    /** What a line too long for {@code verb} is answered; RFC 4954 §4 wants its own status for AUTH. */
    public static Reply tooLongReply(boolean auth) {
        return auth
                ? Reply.of(500, "5.5.6", "The AUTH line is too long")
                : Reply.of(500, "5.5.2", "The command line is too long");
    }

    private static SmtpSyntaxException tooLong(SmtpVerb verb) {
        return new SmtpSyntaxException(tooLongReply(verb == SmtpVerb.AUTH));
    }

    /** True for printable US-ASCII and blanks. */
    private static boolean isPrintableAscii(byte[] line, int from, int to) {
        int bits = 0;
        for (int i = from; i < to; i++) {
            bits |= line[i];
        }
        return bits >= 0;
    }

    private static String text(byte[] line, int from, int to, boolean ascii) throws SmtpSyntaxException {
        for (int i = from; i < to; i++) {
            int octet = line[i];
            if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f) {
                throw refuse(500, "5.5.2", "The command line holds a control character");
            }
        }
        if (ascii) {
            return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, from, to - from)).toString();
        } catch (CharacterCodingException e) {
            throw refuse(500, "5.5.2", "The command line is not UTF-8");
        }
    }

    private static SmtpSyntaxException unknown(String word) {
        if (HTTP_METHODS.contains(word)) {
            // A browser made to talk to us: what follows in its request must not be taken for commands.
            return new SmtpSyntaxException(Reply.of(500, "5.5.2", "This is a mail server, not a web server").closing());
        }
        return refuse(500, "5.5.2", "Command not recognized; HELP lists the commands");
    }

    private static SmtpCommand hello(SmtpVerb verb, LineCursor cursor) throws SmtpSyntaxException {
        String name = cursor.rest().strip();
        if (name.isEmpty()) {
            throw refuse(501, "5.5.4", verb + " needs the name of your host: " + verb + " mail.example.com");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_HELLO_OCTETS) {
            throw refuse(501, "5.5.4", "The name of your host is longer than " + MAX_HELLO_OCTETS + " octets");
        }
        return new SmtpCommand.Hello(verb, printableName(name));
    }

    /** Not followed: RFC 5321 §4.1.1.1's grammar. Names with underscores and the like are common and harmless once printable. */
    private static String printableName(String name) {
        if (name.chars().anyMatch(c -> c >= 0x80)) {
            Optional<Domain> domain = Domain.parse(name);
            if (domain.isPresent()) {
                return domain.get().ascii();
            }
        }
        StringBuilder printable = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            printable.append(c > ' ' && c < 0x7f && "()<>\"\\;,@".indexOf(c) < 0 ? c : '?');
        }
        return printable.toString();
    }

    private static SmtpCommand mail(LineCursor cursor, boolean ascii) throws SmtpSyntaxException {
        cursor.skipBlanks();
        if (!cursor.tryWord("FROM:")) {
            throw refuse(501, "5.5.4", "Write MAIL FROM:<user@example.com>");
        }
        Optional<Address> path = new PathParser(cursor, PathParser.Side.REVERSE).path();
        MailParameters parameters = new EsmtpParameters(cursor).forMail();
        if (!ascii && !parameters.smtputf8()) {
            throw refuse(553, "5.6.7", "An address with UTF-8 needs the SMTPUTF8 parameter"); // RFC 6531 §3.5
        }
        return new SmtpCommand.Mail(path, parameters);
    }

    private static SmtpCommand recipient(LineCursor cursor, boolean utf8Allowed) throws SmtpSyntaxException {
        cursor.skipBlanks();
        if (!cursor.tryWord("TO:")) {
            throw refuse(501, "5.5.4", "Write RCPT TO:<user@example.com>");
        }
        Address address = new PathParser(cursor, PathParser.Side.FORWARD)
                .path()
                .orElseThrow(() -> refuse(501, "5.1.3", "A recipient cannot be empty"));
        Recipient recipient = new EsmtpParameters(cursor).forRecipient(address);
        if (!utf8Allowed) {
            throw refuse(553, "5.6.7", "An address with UTF-8 needs MAIL with the SMTPUTF8 parameter"); // RFC 6531 §3.5
        }
        return new SmtpCommand.Rcpt(recipient);
    }

    private static SmtpCommand chunk(LineCursor cursor) throws SmtpSyntaxException {
        cursor.skipBlanks();
        String digits = cursor.until(' ');
        cursor.skipBlanks();
        boolean last = cursor.tryWord("LAST");
        boolean number = !digits.isEmpty() && digits.length() <= MAX_CHUNK_DIGITS && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || !cursor.rest().isBlank()) {
            // How many octets follow is unknown, so nothing after this line can be told apart from commands.
            throw new SmtpSyntaxException(Reply.of(501, "5.5.4", "Write BDAT, a number of octets, and LAST at the last chunk").closing());
        }
        return new SmtpCommand.Bdat(Long.parseLong(digits), last);
    }

    private static SmtpCommand auth(LineCursor cursor) throws SmtpSyntaxException {
        cursor.skipBlanks();
        String mechanism = cursor.until(' ').toUpperCase(Locale.ROOT);
        cursor.skipBlanks();
        String initial = cursor.rest().strip();
        boolean named = !mechanism.isEmpty()
                && mechanism.length() <= MAX_MECHANISM_LENGTH
                && mechanism.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
        if (!named || initial.indexOf(' ') >= 0) {
            throw refuse(501, "5.5.4", "Write AUTH and the name of a mechanism");
        }
        return new SmtpCommand.Auth(mechanism, initial.isEmpty() ? Optional.empty() : Optional.of(initial));
    }

    private static SmtpCommand xclient(LineCursor cursor) throws SmtpSyntaxException {
        Map<String, String> attributes = new HashMap<>();
        cursor.skipBlanks();
        while (!cursor.atEnd()) {
            String attribute = cursor.until(' ');
            cursor.skipBlanks();
            int equals = attribute.indexOf('=');
            String name = equals < 0 ? "" : attribute.substring(0, equals).toUpperCase(Locale.ROOT);
            Optional<String> value = Xtext.decode(attribute.substring(equals + 1));
            if (!XCLIENT_ATTRIBUTES.contains(name) || value.isEmpty() || attributes.put(name, value.get()) != null) {
                throw refuse(501, "5.5.4", "An XCLIENT attribute is not valid");
            }
        }
        if (attributes.isEmpty()) {
            throw refuse(501, "5.5.4", "XCLIENT needs attributes");
        }
        return new SmtpCommand.XClient(attributes);
    }

    private static SmtpCommand named(SmtpVerb verb, LineCursor cursor) throws SmtpSyntaxException {
        String argument = cursor.rest().strip();
        if (argument.isEmpty()) {
            throw refuse(501, "5.5.4", verb + " needs an argument"); // RFC 5321 §4.1.1.6
        }
        return new SmtpCommand.Simple(verb, argument);
    }

    private static SmtpSyntaxException refuse(int code, String status, String text) {
        return new SmtpSyntaxException(Reply.of(code, status, text));
    }
}
