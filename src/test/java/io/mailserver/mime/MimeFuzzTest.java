package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MimeFuzzTest {
    private static final List<String> MESSAGES = List.of(
            "Subject: =?utf-8?Q?=C3=BC?=\r\nContent-Type: multipart/mixed; boundary=\"o\"\r\n\r\n--o\r\n"
                    + "Content-Type: multipart/alternative;\r\n boundary=oo\r\n\r\n--oo\r\n\r\ntext\r\n--oo\r\n"
                    + "Content-Type: text/html; charset=utf-16\r\n\r\n"
                    + "<p>h&uuml;<b>x\r\n--oo--\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: i\r\n\r\nbody\r\n--o\r\n"
                    + "Content-Type: x/y; name*0*=utf-8''%41; name*1=b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--o--\r\n",
            "Content-Type: text/plain; charset=iso-2022-jp\r\n"
                    + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=1B$B=\r\nFK=20 \r\n= x\r\n",
            "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: 1\n\nx\n--d--\n");

    @Test
    void messages() {
        Fuzz.texts(MESSAGES, text -> MimePropertyTest.checkAnything(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void headerValues() {
        Fuzz.texts(List.of("A <@a,@b:\"c d\"@e> (f(g)), G: h@i, j;", "=?utf-8?B?4oI=?= =?utf-8?Q?=AC_?=",
                "Thu, 1 Jan 2026 10:11:12 +0100 (x)",
                "[a] Re[2]: [fwd: x] (fwd)", "<a@b> <c@d", "attachment; a*0*=utf-8''%41; a*1=\"b\\\"\""), text -> {
                    AddressList list = AddressList.parse(text);
                    assertThat(list.mailboxes()).allMatch(mailbox -> mailbox.displayName().indexOf('\n') < 0);
                    assertThat(HeaderText.decodeWords(text)).doesNotContain("\n", "\r", "\0");
                    DateTimeText.parse(text);
                    assertThat(BaseSubject.of(text).text()).hasSizeLessThanOrEqualTo(text.length());
                    assertThat(MessageIds.parse(text)).allMatch(id -> id.startsWith("<") && id.endsWith(">"));
                    Parameters parameters = ContentType.parse(text).parameters();
                    parameters.all().forEach(parameter -> parameters.get(parameter.name()));
                    ContentDisposition.parse(text);
                });
    }
}
