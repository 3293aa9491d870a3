package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
    @Test
    void everyLineCarriesCodeAndStatus() throws IOException {
        Reply reply = new Reply(250, new EnhancedStatus(2, 1, 5), List.of("one", "two"), false);
        assertThat(wire(reply)).isEqualTo("250-2.1.5 one\r\n250 2.1.5 two\r\n");
    }

    @Test
    void textCannotBreakALine() throws IOException {
        assertThat(wire(Reply.bare(220, "a\r\n250 b\0é"))).isEqualTo("220 a??250 b??\r\n");
    }

    @Test
    void longTextIsCut() throws IOException {
        assertThat(wire(Reply.of(550, "5.7.1", "x".repeat(2000))).length()).isLessThanOrEqualTo(512);
    }

    @Test
    void statusOfAnotherClassIsABug() {
        assertThatThrownBy(() -> Reply.of(550, "4.7.1", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ehloNamesWhatIsOffered() throws IOException {
        String full = wire(new EhloReply(
                "mx.example.com", "c [192.0.2.1]", 1000, 100, 9, true, List.of("PLAIN", "LOGIN"), true,
                List.of("REQUIRETLS"), true).toReply());
        assertThat(full)
                .contains("250-STARTTLS\r\n", "250-AUTH PLAIN LOGIN\r\n")
                .contains("250-SIZE 1000\r\n", "250-LIMITS MAILMAX=9 RCPTMAX=100\r\n", "250 XCLIENT ");
        String bare = wire(
                new EhloReply("mx.example.com", "c [192.0.2.1]", 1000, 100, 9, false, List.of(), false, List.of(), false).toReply());
        assertThat(bare).doesNotContain("STARTTLS", "AUTH", "XCLIENT", "DSN");
    }

    private static String wire(Reply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reply.writeTo(out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
