package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // RFC 2047 §8
        "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu> | Keith Moore <moore@cs.utk.edu>",
        "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk> | Keld Jørn Simonsen <keld@dkuug.dk>",
        "=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be> | André Pirard <PIRARD@vm1.ulg.ac.be>",
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?="
                + "| If you can read this you understand the example.",
        "(=?ISO-8859-1?Q?a?=) | (a)",
        "(=?ISO-8859-1?Q?a?= b) | (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=) | (ab)",
        "(=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=) | (ab)",
        "(=?ISO-8859-1?Q?a_b?=) | (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=) | (a b)",
        // One character cut between two words, the second in the other encoding.
        "=?utf-8?B?4oI=?= =?UTF-8?Q?=AC!?= | €!",
        "=?utf-8*de?Q?gr=C3=BCn?= | grün",
        "x=?utf-8?q?y?=z | xyz",
        "=?utf-8?Q?with blank?= | with blank",
        "=?gb2312?B?xOO6ww==?= | 你好",
        "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= | 日本",
        "=?utf-8?B?YWJj | =?utf-8?B?YWJj",
        "=?nonsense?Q?a?= =?utf-8?Q?b?= | =?nonsense?Q?a?= b",
        "=?utf-8?X?a?= | =?utf-8?X?a?=",
        "=?=?utf-8?Q?a?= | =?a",
        "=?utf-8?Q?a=0D=0ABcc:_x?= | a  Bcc: x",
        "=?utf-8?Q?=ZZ=4?= | =ZZ=4",
        "=?utf-8?Q??= empty | ' empty'",
    })
    void encodedWords(String written, String decoded) {
        assertThat(HeaderText.decodeWords(written)).isEqualTo(decoded);
    }

    @Test
    void rawOctetsAreUtf8OrWindows1252() {
        assertThat(HeaderText.decode(HeaderField.of("Subject: größe\r\n €\r\n"))).isEqualTo("größe €");
        byte[] latin = "Subject: gr\u00fcn \u0080\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(HeaderText.decode(HeaderBlock.parse(latin, HeaderBlock.Limits.DEFAULTS).fields().getFirst())).isEqualTo("grün €");
    }

    @Test
    void noLineEndComesOut() {
        assertThat(HeaderText.decode(HeaderField.of("Subject: a\rb\0c\r\n"))).isEqualTo("a b c");
    }
}
