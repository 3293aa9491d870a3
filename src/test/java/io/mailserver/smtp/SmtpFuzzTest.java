package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SmtpFuzzTest {
    private static final List<String> COMMANDS = List.of(
            "EHLO client.example",
            "MAIL FROM:<@a.example,@b.example:\"a b\\\"c\"@[IPv6:2001:db8::1]> SIZE=1234 BODY=BINARYMIME SMTPUTF8"
                    + " RET=HDRS ENVID=QQ+2B AUTH=<>",
            "MAIL FROM:<j\u00c3\u00bcrgen@b\u00c3\u00bccher.example> SMTPUTF8",
            "RCPT TO:<a.b+c@[192.0.2.1]> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;u+40x@example.com",
            "RCPT TO:<postmaster>",
            "BDAT 12345 LAST",
            "AUTH PLAIN AGFsaWNlAHNlY3JldA==",
            "XCLIENT NAME=a ADDR=IPv6:2001:db8::7 PORT=25 HELO=x+20y LOGIN=[UNAVAILABLE]",
            "VRFY user",
            "STARTTLS");

    private static final List<String> DATA = List.of(
            "Received: from a by b;\r\n\tdate\r\nSubject: x\r\n\r\n..\r\n.text\r\n...\r\n\r\n.\r\nNOOP\r\n",
            ".\r\n",
            "a\r\n.\r\nMAIL FROM:<x@example.com>\r\n.\r\n",
            "\r\n\r\n.\n.\r.\r\r\n.\r\n");

    private static final Pattern FOLDED_FIELD = Pattern.compile("Received: [^\\r\\n\\x00]*(\\r\\n\\t[^\\r\\n\\x00]+)*\\r\\n");

    @Test
    void anyLineIsACommandOrARefusal() {
        Fuzz.texts(COMMANDS, line -> {
            byte[] octets = line.getBytes(StandardCharsets.ISO_8859_1);
            try {
                check(SmtpCommandParser.parse(octets, 0, octets.length, 2048, true));
            } catch (SmtpSyntaxException e) {
                assertThat(e.reply().code()).isBetween(500, 599);
            }
        });
    }

    private static void check(SmtpCommand command) throws SmtpSyntaxException {
        switch (command) {
            case SmtpCommand.Hello hello -> {
                assertThat(hello.name()).matches("[!-~]{1,255}");
                assertThat(received(hello.name())).matches(FOLDED_FIELD);
            }
            case SmtpCommand.Mail mail -> mail.reversePath().ifPresent(SmtpFuzzTest::checkRoundTrip);
            case SmtpCommand.Rcpt rcpt -> checkRoundTrip(rcpt.recipient().address());
            case SmtpCommand.Bdat bdat -> assertThat(bdat.octets()).isNotNegative();
            case SmtpCommand.XClient xclient ->
                    assertThat(xclient.attributes().values()).noneMatch(value -> value.chars().anyMatch(Character::isISOControl));
            case SmtpCommand.Auth auth -> assertThat(auth.mechanism()).matches("[A-Z0-9_-]{1,20}");
            case SmtpCommand.Simple simple -> assertThat(simple.argument()).doesNotContain("\r", "\n", "\0");
        }
    }

    /** What an address is written as is read as the same address again, and cannot break a line. */
    private static void checkRoundTrip(Address address) {
        assertThat(address.toString().chars()).noneMatch(c -> c < ' ' || c == 0x7f);
        byte[] line = ("RCPT TO:<" + address + ">").getBytes(StandardCharsets.UTF_8);
        boolean bare = address.host() instanceof Address.Host.None;
        try {
            SmtpCommand.Rcpt again = (SmtpCommand.Rcpt) SmtpCommandParser.parse(line, 0, line.length, 4096, true);
            assertThat(again.recipient().address()).isEqualTo(address);
        } catch (SmtpSyntaxException e) {
            throw new AssertionError((bare ? "bare " : "") + address + " is not read again: " + e.reply(), e);
        }
    }

    private static String received(String helo) {
        Client client = Client.connected("s", Client.Service.INBOUND, InetAddress.ofLiteral("192.0.2.1"), 1, 25).greeted(helo, true);
        Envelope envelope = new Envelope("m", client, Optional.empty(), MailParameters.NONE, List.of());
        return ReceivedField.format(envelope, "mx.example.com", Instant.EPOCH.atZone(ZoneOffset.UTC), true);
    }

    /** Against a reader that takes the RFC literally, octet by octet. */
    @Test
    void dataIsReadAsTheStandardSaysInPiecesOfAnySize() {
        Fuzz.texts(DATA, text -> {
            Expected expected = Expected.of(text);
            for (int piece : new int[] {1, 2, 3, 5, 100_000}) {
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                IncomingMessage message =
                        new IncomingMessage(new IncomingMessage.Limits(1 << 20, 1 << 20, 1000, 1 << 20), kept::write, false);
                SmtpInput input = Pieces.input(text, piece);
                boolean whole = read(input, message);
                assertThat(whole).isEqualTo(expected.end() >= 0);
                if (!whole) {
                    continue; // what it would have become is nobody's business
                }
                assertThat(message.refusal().isPresent()).isEqualTo(expected.bareLineEnd());
                assertThat(rest(input)).isEqualTo(text.substring(expected.end()));
                if (!expected.bareLineEnd()) {
                    assertThat(kept.toString(StandardCharsets.ISO_8859_1)).isEqualTo(expected.content());
                }
            }
        });
    }

    private static boolean read(SmtpInput input, IncomingMessage message) {
        try {
            return DataReader.read(input, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rest(SmtpInput input) {
        StringBuilder rest = new StringBuilder();
        try {
            do {
                rest.append(new String(input.buffer(), input.position(), input.limit() - input.position(), StandardCharsets.ISO_8859_1));
                input.skipTo(input.limit());
            } while (input.fill());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rest.toString();
    }

    /** @param end behind the end of the data; -1 if there is none */
    private record Expected(int end, boolean bareLineEnd, String content) {
        static Expected of(String text) {
            int end = text.startsWith(".\r\n") ? 0 : text.indexOf("\r\n.\r\n") + 2;
            boolean ended = text.startsWith(".\r\n") || end >= 2;
            String body = ended ? text.substring(0, end) : text;
            boolean bare = Pattern.compile("(?<!\\r)\\n|\\r(?!\\n)").matcher(body).find();
            String content = ("\r\n" + body).replace("\r\n.", "\r\n").substring(2);
            return new Expected(ended ? end + ".\r\n".length() : -1, bare, content);
        }
    }
}
