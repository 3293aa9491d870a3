package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFuzzTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void streamAndArrayAgreeOnAnyInput() {
        HeaderBlock.Limits small = new HeaderBlock.Limits(120, 6);
        String large = "A:" + "x".repeat(130) + "\r\n\r\n";
        Fuzz.texts(List.of("A: 1\r\n 2\r\nB : x\r\n\r\nbody\r\n", "From x\nA: 1\n\nbody", "\r\n", large), text -> {
            HeaderBlock whole = HeaderBlock.parse(octets(text), small);
            int covered = whole.fields().stream().mapToInt(field -> field.end() - field.start()).sum();
            if (!whole.truncated()) {
                assertThat(covered).isEqualTo(whole.length());
            }
            try {
                HeaderBlock.Split split = HeaderBlock.split(new ByteArrayInputStream(octets(text)), small);
                assertThat(split.header().octets()).isEqualTo(whole.octets());
                assertThat(split.body().readAllBytes()).isEqualTo(octets(text.substring(whole.bodyStart())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            whole.fields().forEach(field -> assertThat(field.latin1()).doesNotContain("\n"));
        });
    }
}
