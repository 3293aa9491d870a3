package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OperatorException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPartTest {
    @RepeatedTest(20)
    void theCanonicalFormIsItsOwn(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 2_000; i++) {
            String text = text(random);
            String canonical = LocalPart.canonical(text);
            assertThat(LocalPart.canonical(canonical)).as(escape(text)).isEqualTo(canonical);
            assertThat(LocalPart.canonical(Normalizer.normalize(text, Normalizer.Form.NFD))).as(escape(text)).isEqualTo(canonical);
        }
    }

    @Test
    void theTurkishLocaleChangesNothing() {
        assertThat(LocalPart.canonical("INFO")).isEqualTo("info").isNotEqualTo("INFO".toLowerCase(Locale.of("tr")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "alice", "", "@example.com", "alice@", "alice@-x.example", "a b@example.com", "a..b@example.com", ".a@example.com",
        "a.@example.com", "a\"b@example.com", "a\u0000b@example.com", "a\r\nb@example.com", "a\u00a0b@example.com", "a\u202eb@example.com",
        "a\ud800@example.com", "a@b@example.com", "<a@example.com>", "a,b@example.com"
    })
    void whatIsNoAddressIsRefused(String typed) {
        AliasesTest.assertRefused(() -> LocalPart.parse(typed), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b-c_d+e@example.com", "o'neil@example.com", "jürgen@bücher.example", "用户@example.com", "x@EXAMPLE.com"})
    void whatIsAnAddressIsTaken(String typed) {
        assertThat(LocalPart.parse(typed).localPart()).isNotEmpty();
    }

    @Test
    void theLimitCountsOctets() {
        assertThat(LocalPart.parse("ü".repeat(32) + "@example.com").localPart()).hasSize(32);
        AliasesTest.assertRefused(() -> LocalPart.parse("ü".repeat(32) + "a@example.com"), "64 octets");
    }

    @Test
    void aRefusalRepeatsNoControls() {
        try {
            LocalPart.parse("\u001b[31m\r\n\u0000");
        } catch (OperatorException e) {
            assertThat(e.getMessage()).doesNotContain("\u001b", "\r", "\n", "\u0000");
        }
    }

    /** Letters of many scripts, with combining marks. */
    private static String text(Random random) {
        int[] blocks = {0x41, 0xc0, 0x100, 0x1c4, 0x300, 0x370, 0x390, 0x400, 0x530, 0x10a0, 0x1e00, 0x1f00, 0x2c00, 0xa640, 0x10400};
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            int point = blocks[random.nextInt(blocks.length)] + random.nextInt(64);
            text.appendCodePoint(Character.isDefined(point) ? point : 'x');
        }
        return text.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> escaped.append(String.format(Locale.ROOT, "\\u{%x}", point)));
        return escaped.toString();
    }
}
