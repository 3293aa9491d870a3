package io.mailserver.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CompressionTest {
    @Test
    void whatIsFlushedCanBeReadAtOnce() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (Compression sender = new Compression(InputStream.nullInputStream(), wire)) {
            String text = "* 1 FETCH (FLAGS ())\r\n".repeat(1000);
            sender.out().write(text.getBytes(StandardCharsets.US_ASCII));
            sender.out().flush();
            assertThat(wire.size()).isBetween(10, text.length() / 20);
            try (Compression receiver = new Compression(new ByteArrayInputStream(wire.toByteArray()), wire)) {
                assertThat(new String(receiver.in().readNBytes(text.length()), StandardCharsets.US_ASCII)).isEqualTo(text);
            }
        }
    }
}
