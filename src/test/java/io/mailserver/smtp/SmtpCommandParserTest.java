package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.MailParameters.Ret;
import io.mailserver.smtp.Recipient.Notify;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpCommandParserTest {
    private static final int LIMIT = 2048;

    @ParameterizedTest
    @CsvSource({
        "MAIL FROM:<a@example.com>, a@example.com",
        "mail from:<a@EXAMPLE.com>, a@example.com",
        "MAIL FROM: <a@example.com>, a@example.com",
        "'MAIL FROM:<a@example.com>  ', a@example.com",
        "MAIL FROM:<@one.example:a@example.com>, a@example.com",
        "MAIL FROM:<@one.example>, ",
        "MAIL FROM:<\"a b\"@example.com>, \"a b\"@example.com",
        "MAIL FROM:<\"a\\\"b\"@example.com>, \"a\\\"b\"@example.com",
        "MAIL FROM:<\"a\"@example.com>, a@example.com",
        "MAIL FROM:<a@[192.0.2.1]>, a@[192.0.2.1]",
        "MAIL FROM:<a@[ipv6:2001:DB8:0:0:0:0:0:1]>, a@[IPv6:2001:db8::1]",
        "MAIL FROM:<a+b=c.d@example.com>, a+b=c.d@example.com",
    })
    void reversePathIsReadInCanonicalForm(String line, String expected) {
        if (expected == null) {
            assertThat(refusal(line)).startsWith("501 5.1.7");
        } else {
            SmtpCommand.Mail mail = (SmtpCommand.Mail) parse(line);
            assertThat(mail.reversePath().orElseThrow()).hasToString(expected);
        }
    }

    @Test
    void sourceRouteWithSeveralHostsIsDropped() {
        assertThat(((SmtpCommand.Rcpt) parse("RCPT TO:<@a.example,@b.example:u@example.com>")).recipient().address())
                .hasToString("u@example.com");
    }

    @Test
    void nullReversePathIsEmpty() {
        assertThat(parse("MAIL FROM:<>")).isEqualTo(new SmtpCommand.Mail(Optional.empty(), MailParameters.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "MAIL FROM:a@example.com", "MAIL FROM:<a@example.com", "MAIL FROM:<a>", "MAIL FROM:<postmaster>", "MAIL FROM:<a@>",
        "MAIL FROM:<@example.com>", "MAIL FROM:<.a@example.com>", "MAIL FROM:<a.@example.com>", "MAIL FROM:<a..b@example.com>",
        "MAIL FROM:<a b@example.com>", "MAIL FROM:<a@exa_mple.com>", "MAIL FROM:<a@-x.example>", "MAIL FROM:<\"a@example.com>",
        "MAIL FROM:<\"\"@example.com>", "MAIL FROM:<a@[192.0.2.256]>", "MAIL FROM:<a@[192.0.2.01]>", "MAIL FROM:<a@[1.2.3]>",
        "MAIL FROM:<a@[IPv6:::1::]>", "MAIL FROM:<a@[IPv6:fe80::1%eth0]>", "MAIL FROM:<a@[tag:x]>", "MAIL FROM:<a@[192.0.2.1>",
        "MAIL FROM:<a@b@c>", "MAIL FROM:<a@example.com.>", "MAIL FROM:"
    })
    void malformedReversePathIsRefused(String line) {
        assertThat(refusal(line)).startsWith("501 5.1.7");
    }

    @Test
    void localPartHasALimit() {
        assertThat(refusal("MAIL FROM:<" + "a".repeat(257) + "@example.com>")).startsWith("501 5.1.7");
        assertThat(parse("MAIL FROM:<" + "a".repeat(256) + "@example.com>")).isInstanceOf(SmtpCommand.Mail.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT TO:<postmaster>", "RCPT TO:<PostMaster>", "rcpt to:<POSTMASTER>"})
    void postmasterNeedsNoDomain(String line) {
        Address address = ((SmtpCommand.Rcpt) parse(line)).recipient().address();
        assertThat(address.host()).isEqualTo(new Address.Host.None());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT TO:<>", "RCPT TO:<root>", "RCPT TO:user@example.com", "RCPT TO:<u@example.com"})
    void malformedForwardPathIsRefused(String line) {
        assertThat(refusal(line)).startsWith("501 5.1.3");
    }

    @Test
    void allMailParametersAreRead() {
        SmtpCommand.Mail mail = (SmtpCommand.Mail) parse(
                "MAIL FROM:<a@example.com> size=12345 BODY=8bitmime SMTPUTF8 RET=HDRS ENVID=QQ+2B314 AUTH=b+3Dc@example.com");
        assertThat(mail.parameters())
                .isEqualTo(new MailParameters(
                        OptionalLong.of(12345),
                        Body.EIGHT_BIT_MIME,
                        true,
                        Optional.of(Ret.HDRS),
                        Optional.of("QQ+314"),
                        Optional.of("b=c@example.com")));
    }

    @Test
    void allRecipientParametersAreRead() {
        SmtpCommand.Rcpt rcpt =
                (SmtpCommand.Rcpt) parse("RCPT TO:<u@example.com> NOTIFY=success,FAILURE ORCPT=rfc822;u+2Btag@example.com");
        assertThat(rcpt.recipient().notifyOn()).isEqualTo(Set.of(Notify.SUCCESS, Notify.FAILURE));
        assertThat(rcpt.recipient().originalRecipient()).contains("rfc822;u+tag@example.com");
    }

    @Test
    void sizeBeyondALongIsStillASize() {
        SmtpCommand.Mail mail = (SmtpCommand.Mail) parse("MAIL FROM:<> SIZE=99999999999999999999");
        assertThat(mail.parameters().size()).hasValue(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "MAIL FROM:<> SIZE", "MAIL FROM:<> SIZE=", "MAIL FROM:<> SIZE=-1", "MAIL FROM:<> SIZE=123456789012345678901",
        "MAIL FROM:<> BODY=9BIT", "MAIL FROM:<> SMTPUTF8=1", "MAIL FROM:<> RET=ALL", "MAIL FROM:<> ENVID=a+b", "MAIL FROM:<> ENVID=a+0A",
        "MAIL FROM:<> SIZE=1 SIZE=2", "MAIL FROM:<>SIZE=1", "MAIL FROM:<> =1", "RCPT TO:<u@example.com> NOTIFY=NEVER,DELAY",
        "RCPT TO:<u@example.com> NOTIFY=", "RCPT TO:<u@example.com> ORCPT=u@example.com", "RCPT TO:<u@example.com> ORCPT=rfc822;a+0Db"
    })
    void malformedParameterIsRefused(String line) {
        assertThat(refusal(line)).startsWith("501 5.5.4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL FROM:<> FOO=1", "MAIL FROM:<> NOTIFY=NEVER", "RCPT TO:<u@example.com> SIZE=3", "MAIL FROM:<> X-Y"})
    void unknownParameterIs555(String line) {
        assertThat(refusal(line)).startsWith("555 5.5.4");
    }

    @Test
    void utf8AddressNeedsSmtputf8() {
        assertThat(refusal("MAIL FROM:<jürgen@example.com>")).startsWith("553 5.6.7");
        assertThat(refusal("RCPT TO:<u@bücher.example>")).startsWith("553 5.6.7");
    }

    @Test
    void utf8AddressWithSmtputf8IsReadAndItsDomainIsMadeAscii() {
        SmtpCommand.Mail mail = (SmtpCommand.Mail) parse("MAIL FROM:<jürgen@bücher.example> SMTPUTF8");
        assertThat(mail.reversePath().orElseThrow()).hasToString("jürgen@xn--bcher-kva.example");
        assertThat(parse("RCPT TO:<jürgen@example.com>", true)).isInstanceOf(SmtpCommand.Rcpt.class);
    }

    @Test
    void helloNameIsMadePrintable() {
        assertThat(parse("EHLO my_host(x)\t<y>")).isEqualTo(new SmtpCommand.Hello(SmtpVerb.EHLO, "my_host?x???y?"));
        assertThat(parse("HELO [192.0.2.1]")).isEqualTo(new SmtpCommand.Hello(SmtpVerb.HELO, "[192.0.2.1]"));
        assertThat(parse("EHLO bücher.example")).isEqualTo(new SmtpCommand.Hello(SmtpVerb.EHLO, "xn--bcher-kva.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "HELO ", "LHLO   "})
    void helloNeedsAName(String line) {
        assertThat(refusal(line)).startsWith("501 5.5.4");
    }

    @Test
    void helloNameHasALimit() {
        assertThat(refusal("EHLO " + "a".repeat(256))).startsWith("501 5.5.4");
    }

    @Test
    void chunkSizesAreRead() {
        assertThat(parse("BDAT 1000")).isEqualTo(new SmtpCommand.Bdat(1000, false));
        assertThat(parse("bdat 0 last")).isEqualTo(new SmtpCommand.Bdat(0, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BDAT", "BDAT x", "BDAT -1", "BDAT 1 FIRST", "BDAT 1234567890123456789", "BDAT 1 LAST x"})
    void chunkOfUnknownSizeEndsTheConnection(String line) {
        assertThat(refused(line).thenClose()).isTrue();
    }

    @Test
    void authIsReadAndHidesItsResponse() {
        assertThat(parse("AUTH plain AGE=")).isEqualTo(new SmtpCommand.Auth("PLAIN", Optional.of("AGE=")));
        assertThat(parse("AUTH LOGIN")).isEqualTo(new SmtpCommand.Auth("LOGIN", Optional.empty()));
        assertThat(parse("AUTH PLAIN c2VjcmV0").toString()).doesNotContain("c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH", "AUTH PL/AIN", "AUTH ABCDEFGHIJKLMNOPQRSTU", "AUTH PLAIN a b"})
    void malformedAuthIsRefused(String line) {
        assertThat(refusal(line)).startsWith("501 5.5.4");
    }

    @Test
    void xclientAttributesAreDecoded() {
        assertThat(parse("XCLIENT NAME=spike.example addr=192.0.2.7 HELO=a+2Bb"))
                .isEqualTo(new SmtpCommand.XClient(Map.of("NAME", "spike.example", "ADDR", "192.0.2.7", "HELO", "a+b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XCLIENT", "XCLIENT NAME", "XCLIENT FOO=1", "XCLIENT NAME=a NAME=b", "XCLIENT ADDR=+0"})
    void malformedXclientIsRefused(String line) {
        assertThat(refusal(line)).startsWith("501 5.5.4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA x", "RSET x", "QUIT now", "STARTTLS x"})
    void verbsWithoutArgumentRefuseOne(String line) {
        assertThat(refusal(line)).startsWith("501 5.5.4");
    }

    @ParameterizedTest
    @CsvSource({"NOOP anything here, anything here", "noop,''", "HELP MAIL, MAIL", "VRFY alice, alice", "EXPN list, list", "RSET ,''"})
    void otherVerbsKeepTheirArgument(String line, String argument) {
        assertThat(((SmtpCommand.Simple) parse(line)).argument()).isEqualTo(argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "FOO", "MAILFROM:<a@b>", "EHLOx a", "\u00e9"})
    void unknownVerbIs500(String line) {
        assertThat(refusal(line)).startsWith("500 5.5.2");
    }

    @Test
    void browserIsSentAway() {
        assertThat(refused("GET / HTTP/1.1").thenClose()).isTrue();
    }

    @Test
    void controlCharactersAreRefused() {
        assertThat(refusal("NOOP a\rb")).startsWith("500 5.5.2");
        assertThat(refusal("NOOP a\0b")).startsWith("500 5.5.2");
    }

    @Test
    void octetsThatAreNotUtf8AreRefused() {
        byte[] line = {'N', 'O', 'O', 'P', ' ', (byte) 0xff};
        SmtpSyntaxException e = catchThrowableOfType(
                SmtpSyntaxException.class, () -> SmtpCommandParser.parse(line, 0, line.length, LIMIT, false));
        assertThat(e.reply().code()).isEqualTo(500);
    }

    @Test
    void eachVerbHasItsOwnLimit() {
        assertThat(refusal("NOOP " + "x".repeat(LIMIT))).startsWith("500 5.5.2");
        assertThat(parse("AUTH PLAIN " + "x".repeat(LIMIT))).isInstanceOf(SmtpCommand.Auth.class);
        assertThat(refusal("AUTH PLAIN " + "x".repeat(LIMIT + SmtpVerb.MAX_EXTRA_OCTETS))).startsWith("500 5.5.6");
    }

    private static SmtpCommand parse(String line) {
        return parse(line, false);
    }

    private static SmtpCommand parse(String line, boolean smtputf8) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        try {
            return SmtpCommandParser.parse(octets, 0, octets.length, LIMIT, smtputf8);
        } catch (SmtpSyntaxException e) {
            throw new AssertionError(line + ": " + e.reply(), e);
        }
    }

    private static String refusal(String line) {
        Reply reply = refused(line);
        return reply.code() + " " + reply.status();
    }

    private static Reply refused(String line) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        SmtpSyntaxException e = catchThrowableOfType(
                SmtpSyntaxException.class, () -> SmtpCommandParser.parse(octets, 0, octets.length, LIMIT, false));
        assertThat(e).as(line).isNotNull();
        return e.reply();
    }
}
