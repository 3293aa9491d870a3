package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** No text makes an expression of the rules look at its characters more than some tens of times each. */
class PatternStepsTest {
    private static final int LENGTH = 20_000;
    private static final int STEPS_A_CHARACTER = 150;

    private static final Map<String, Pattern> PATTERNS = Map.of(
            "spread out", Rule.Patterns.SPREAD_OUT,
            "money", Rule.Patterns.MONEY,
            "wallet", Rule.Patterns.WALLET,
            "url", MailReader.URL);

    /** Of which the whole text must be one. */
    private static final Map<String, Pattern> WHOLE = Map.of(
            "message id", Rule.Patterns.MESSAGE_ID, "shown host", Link.SHOWN_HOST, "odd port", Link.ODD_PORT);

    private static final List<String> HOSTILE = List.of("a", "a ", "a.", "1", "1 ", "1,", "$1", "bc1q", "1A1zP1eP5QGefi2", "http://", "x.y",
            "http://a", "a-", " ", ".", "<", "<a@", "@", "a@", "<<a", "\n", "aa.bb/", "\u00e4", "\u00e4 ", "-", ":", "1:1", "a:9");

    @TestFactory
    Stream<DynamicTest> workIsLinear() {
        return Stream.concat(
                PATTERNS.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> check(text -> {
                    Matcher matcher = each.getValue().matcher(text);
                    while (matcher.find()) {
                        // All matches, as the most eager rule would.
                    }
                }))),
                WHOLE.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> check(text ->
                        each.getValue().matcher(text).matches()))));
    }

    private static void check(Consumer<CharSequence> work) {
        for (String piece : HOSTILE) {
            for (String end : List.of("", "\u0000", "!", "a")) {
                Counted text = new Counted(piece.repeat(LENGTH / piece.length()) + end);
                work.accept(text);
                assertThat(text.steps).as(piece).isLessThan((long) STEPS_A_CHARACTER * LENGTH);
            }
        }
    }

    private static final class Counted implements CharSequence {
        private final String text;
        private long steps;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            steps++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
