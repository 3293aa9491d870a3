package io.mailserver.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Test {
    // The first is RFC 3501 §5.1.3's own.
    @ParameterizedTest
    @CsvSource({
        "~peter/mail/台北/日本語, '~peter/mail/&U,BTFw-/&ZeVnLIqe-'",
        "Entwürfe, Entw&APw-rfe",
        "a&b, a&-b",
        "&&, &-&-",
        "☺!, &Jjo-!",
        "𝄞, &2DTdHg-",
        "ü&ü, &APw-&-&APw-",
        "'', ''",
    })
    void namesHaveOneEncodedForm(String text, String encoded) {
        assertThat(ModifiedUtf7.encode(text)).isEqualTo(encoded);
        assertThat(ModifiedUtf7.decode(encoded)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"&", "&Jjo", "&Jjo!", "&AG8-", "&Jjo-&Jjo-", "ü", "a\tb", "&J-", "&Jj-", "&2DQ-", "&Jjp-",
                "&A/w-", "&JjoA-", "&=-"})
    void whatNoEncoderMakesIsRefused(String encoded) {
        assertThat(ModifiedUtf7.decode(encoded)).isEmpty();
    }

    @Test
    void halfACharacterCannotBeEncoded() {
        assertThatThrownBy(() -> ModifiedUtf7.encode("a\ud834b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyTextComesBack() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            int[] points = random.ints(random.nextInt(12), 0, 0x11000)
                    .map(point -> point % 3 == 0 ? point % 128 : point)
                    .filter(point -> point < 0xd800 || point > 0xdfff)
                    .toArray();
            String text = new String(points, 0, points.length);
            assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(text))).contains(text);
        }
    }
}
