package io.mailserver.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {
    // RFC 4013 §3 gives these examples.
    @Test
    void softHyphenIsMappedToNothing() {
        assertThat(SaslPrep.prepare("I\u00adX")).contains("IX");
    }

    @Test
    void asciiIsUntouchedAndCaseIsKept() {
        assertThat(SaslPrep.prepare("user")).contains("user");
        assertThat(SaslPrep.prepare("USER")).contains("USER");
    }

    @Test
    void compatibilityCharactersAreNormalized() {
        assertThat(SaslPrep.prepare("\u00aa")).contains("a");
        assertThat(SaslPrep.prepare("\u2168")).contains("IX");
    }

    @Test
    void nonAsciiSpaceBecomesSpace() {
        assertThat(SaslPrep.prepare("a\u00a0b\u3000c")).contains("a b c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0007", "a\nb", "\u06271", "\ue000", "\u200e", "\uffff", "\u00ad"})
    void prohibitedEmptyOrMixedDirectionIsRefused(String text) {
        assertThat(SaslPrep.prepare(text)).isEmpty();
    }

    @Test
    void rightToLeftTextMayHoldDigitsInside() {
        assertThat(SaslPrep.prepare("\u06271\u0628")).contains("\u06271\u0628");
    }
}
