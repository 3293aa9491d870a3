package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.AuthorizedUrl.Access;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizedUrlTest {
    private static final String RUMP = "imap://Alice%40example.com@mail.example:993/INBOX;UIDVALIDITY=3/;uid=20/;section=1.2"
            + ";expire=2026-12-31T01:00:00+01:00;urlauth=user+Bob%40example.com";

    @Test
    void allPartsAreRead() {
        AuthorizedUrl url = AuthorizedUrl.parse(RUMP + ":internal:91ab54").orElseThrow();
        assertThat(url.rump()).isEqualTo(RUMP);
        assertThat(url.user()).isEqualTo("alice@example.com");
        assertThat(url.message()).isEqualTo(ImapUrl.parse("/INBOX;UIDVALIDITY=3/;UID=20/;SECTION=1.2").orElseThrow());
        assertThat(url.expires()).contains(Instant.parse("2026-12-31T00:00:00Z"));
        assertThat(url.access()).isEqualTo(Access.USER);
        assertThat(url.reader()).isEqualTo("bob@example.com");
        assertThat(url.signature()).contains(new AuthorizedUrl.Signature("INTERNAL", "91AB54"));
        assertThat(url.toString()).doesNotContain("91AB54");
        assertThat(AuthorizedUrl.withoutTokens("* GENURLAUTH \"" + RUMP + ":internal:91ab54\" \"x\""))
                .isEqualTo("* GENURLAUTH \"" + RUMP + ":internal:...\" \"x\"");
        assertThat(AuthorizedUrl.parse(RUMP).orElseThrow().signature()).isEmpty();
        assertThat(AuthorizedUrl.parse("imap://a%40b.example;AUTH=*@h/x/;UID=1;URLAUTH=anonymous").orElseThrow().access())
                .isEqualTo(Access.ANONYMOUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "/INBOX/;UID=1", "imap://a@h/INBOX/;UID=1", "imap://h/INBOX/;UID=1;URLAUTH=authuser", "imap://a@h/INBOX;URLAUTH=authuser",
        "imap://a@h/INBOX/;UID=1;URLAUTH=user+", "imap://a@h/INBOX/;UID=1;URLAUTH=user", "imap://a@h/INBOX/;UID=1;URLAUTH=authuserx",
        "imap://a@h/INBOX/;UID=1;EXPIRE=tomorrow;URLAUTH=authuser", "imap://a@h/INBOX/;UID=1;EXPIRE=2026-13-01T00:00:00Z;URLAUTH=authuser",
        "imap://a@h/INBOX/;UID=1;URLAUTH=authuser:INTERNAL:", "imap://a@h/INBOX/;UID=1;URLAUTH=authuser:INTERNAL:xyz",
        "imap://a@h/INBOX/;UID=1;URLAUTH=authuser;EXPIRE=2026-12-01T00:00:00Z", "imap://a@h/a%0d/;UID=1;URLAUTH=authuser",
        "imap://a@h/INBOX/;UID=1;URLAUTH=user+b%0a"
    })
    void othersAreNone(String url) {
        assertThat(AuthorizedUrl.parse(url)).isEmpty();
    }
}
