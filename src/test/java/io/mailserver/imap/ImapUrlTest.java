package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImapUrlTest {
    @Test
    void allPartsAreRead() {
        assertThat(ImapUrl.parse("/Entw%C3%BCrfe/x;UIDVALIDITY=785799047/;UID=113330/;SECTION=1.5.HEADER/;PARTIAL=7.1024"))
                .contains(new ImapUrl("Entw\u00fcrfe/x", OptionalLong.of(785799047), 113330,
                        new Section(List.of(1, 5), Section.Kind.HEADER, List.of()), Optional.of(new ByteRange(7, 1024))));
        assertThat(ImapUrl.parse("imap://alice@mail.example/INBOX/;uid=1"))
                .contains(new ImapUrl("INBOX", OptionalLong.empty(), 1, Section.MESSAGE, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "/INBOX", "/INBOX/;UID=0", "/INBOX/;UID=x", "/INBOX/;UID=4294967296", "/a%0d/;UID=1", "/a%/;UID=1", "/a%zz/;UID=1",
        "/INBOX/;UID=1/;SECTION=0", "/INBOX/;UID=1/;SECTION=1.FROB", "/INBOX/;UID=1/;SECTION=1]%20x", "http://x/INBOX/;UID=1", "/;UID=1"
    })
    void othersAreNone(String url) {
        assertThat(ImapUrl.parse(url)).isEmpty();
    }
}
