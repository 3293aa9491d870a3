package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnicodeCasemapTest {
    private static String map(String text) {
        return new String(UnicodeCasemap.octets(text), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"hello, HELLO", "é, E\u0301", "straße, STRAßE", "ǆ, Dz\u030c", "ﬁ, fi", "ς, Σ", "я, Я",
        "한, \u1112\u1161\u11ab",
        "中文, 中文", "😀, 😀", "Å, A\u030a", "ö, O\u0308"})
    void charactersAreTitlecasedAndDecomposed(String text, String mapped) {
        assertThat(map(text)).isEqualTo(mapped);
    }

    @Test
    void nulAndLoneSurrogatesAreReplaced() {
        assertThat(map("a\0b\ud800c")).isEqualTo("A\ufffdB\ufffdC");
    }

    @Test
    void needlesAreFoundWhereverTheyStand() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append("ABé".charAt(random.nextInt(3)));
            }
            StringBuilder needle = new StringBuilder();
            for (int j = random.nextInt(4); j > 0; j--) {
                needle.append("ABé".charAt(random.nextInt(3)));
            }
            byte[] mapped = UnicodeCasemap.octets(text);
            int found = new Needle(needle.toString()).find(mapped, 0, mapped.length);
            String latin = new String(mapped, StandardCharsets.ISO_8859_1);
            assertThat(found).isEqualTo(latin.indexOf(new String(UnicodeCasemap.octets(needle), StandardCharsets.ISO_8859_1)));
        }
    }
}
