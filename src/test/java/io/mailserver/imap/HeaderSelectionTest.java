package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderSelectionTest {
    private static final String HEADER = "From: a\r\nX-Y: b\r\n\tc\r\nnonsense\r\nfrom : d\r\nFromage: e\r\n\r\nTo: body\r\n";

    private static String select(String header, boolean not, String... fields) {
        byte[] octets = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] into = new byte[octets.length + 2];
        int length = new HeaderSelection(List.of(fields), not).select(octets, 0, octets.length, into);
        return new String(into, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Test
    void namedFieldsComeInTheirOrderWithAnEmptyLine() {
        assertThat(select(HEADER, false, "x-y", "FROM", "To")).isEqualTo("From: a\r\nX-Y: b\r\n\tc\r\nfrom : d\r\n\r\n");
    }

    @Test
    void allOthersComeWithNot() {
        assertThat(select(HEADER, true, "x-y", "FROM")).isEqualTo("nonsense\r\nFromage: e\r\n\r\n");
    }

    @Test
    void noneIsTheEmptyLine() {
        assertThat(select(HEADER, false, "Subject")).isEqualTo("\r\n");
        assertThat(select("", true, "Subject")).isEqualTo("\r\n");
    }

    @Test
    void headerCutShortIsEnded() {
        assertThat(select("From: a", false, "From")).isEqualTo("From: a\r\n");
        assertThat(select("From", false, "From")).isEqualTo("\r\n");
    }
}
