package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is I-JSON and what is not (RFC 7493). */
class JsonTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "\"\\ud800\"", "\"\\udc00\"", "\"\\udc00\\ud800\"", "[{\"a\": [\"x\\ud83d\"]}]",
        "{\"\\ud800\": 1}", "NaN", "{'a': 1}"
    })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(octets(text))).isInstanceOf(Json.NotJsonException.class);
    }

    @Test
    void pairsOfSurrogatesAreText() throws Exception {
        assertThat(Json.parse(octets("{\"\\ud83d\\ude00\": \"\\uD83D\\uDE00!\"}")).toString()).contains("\ud83d\ude00!");
        assertThat(Json.octets(Json.parse(octets("[\"\\ud83d\\ude00\"]")))).isEqualTo(octets("[\"\ud83d\ude00\"]"));
    }

    @Test
    void depthIsBounded() throws Exception {
        int most = Json.MAX_DEPTH;
        assertThat(Json.parse(octets("[".repeat(most) + "]".repeat(most))).isArray()).isTrue();
        assertThatThrownBy(() -> Json.parse(octets("[".repeat(most + 1) + "]".repeat(most + 1)))).isInstanceOf(Json.NotJsonException.class);
    }
}
