package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzyNeedleTest {
    private static int relevancy(String query, String head, String body) {
        FuzzyNeedle needle = new FuzzyNeedle(query);
        needle.begin();
        byte[] header = UnicodeCasemap.octets(head);
        needle.head(header, 0, header.length);
        byte[] text = UnicodeCasemap.octets(body);
        needle.body(text, 0, text.length);
        needle.end();
        return needle.found() ? needle.relevancy() : 0;
    }

    private static int inBody(String query, String text) {
        return relevancy(query, "", text);
    }

    @Test
    void accentsDoNotCount() {
        assertThat(inBody("cafe", "Das Café am Eck")).isPositive();
        assertThat(inBody("café", "a cafe")).isPositive();
        assertThat(inBody("strasse", "Lange Straße")).isPositive();
        assertThat(inBody("oresund", "Øresund")).isPositive();
        assertThat(inBody("cafe", "Cafe\u0301")).isPositive();
        assertThat(inBody("Łódź", "lodz")).isPositive();
    }

    @Test
    void wordsComeInAnyOrderAndAllOfThemCome() {
        assertThat(inBody("IMAP break", "broken break of IMAP")).isPositive();
        assertThat(inBody("IMAP break", "IMAP works")).isZero();
        assertThat(inBody("IMAP break", "the IMAP break")).isGreaterThan(inBody("IMAP break", "a break of IMAP"));
    }

    @Test
    void mistakesAreAllowedInLongWords() {
        assertThat(inBody("Helo", "hello")).isPositive();
        assertThat(inBody("Helo", "help")).isPositive();
        assertThat(inBody("recieve", "receive")).isPositive(); // Two neighbours changed places.
        assertThat(inBody("acommodatoin", "accommodation")).isPositive();
        assertThat(inBody("acomodatoin", "accommodation")).isZero(); // Three mistakes.
        assertThat(inBody("cat", "cut")).isZero();
        assertThat(inBody("2024", "2025")).isZero();
        assertThat(inBody("приветт", "привет")).isPositive();
    }

    @Test
    void partsOfWordsAreFound() {
        assertThat(inBody("confer", "conference")).isPositive().isLessThan(inBody("confer", "confer"));
        assertThat(inBody("ference", "conference")).isPositive().isLessThan(inBody("confer", "conference"));
        assertThat(inBody("to", "tomorrow")).isZero();
        assertThat(inBody("東京", "私は東京に住んでいます")).isPositive();
        assertThat(inBody("needle", "x".repeat(300) + "needle" + "y".repeat(300))).isPositive();
    }

    @Test
    void whatIsFoundBetterIsMoreRelevant() {
        assertThat(relevancy("report", "SUBJECT: Report", "")).isGreaterThan(relevancy("report", "", "report"));
        assertThat(inBody("report", "report")).isGreaterThan(inBody("report", "reporting")).isGreaterThan(inBody("report", "rebort"));
        assertThat(inBody("report", "report report report")).isGreaterThan(inBody("report", "report"));
        assertThat(relevancy("report", "report ".repeat(20), "")).isEqualTo(100);
        assertThat(inBody("abcdefgh zyxwvuts", "zyxwvu1ts2 x abcd1ef2gh")).isEqualTo(1);
    }

    @Test
    void aWordBetweenTwoPiecesIsReadOnce() {
        byte[] text = UnicodeCasemap.octets("a".repeat(20) + " conference table");
        TextTerm exact = new TextTerm(TextTerm.Place.BODY, "", "a table", false);
        TextTerm fuzzy = new TextTerm(TextTerm.Place.BODY, "", "confer", true);
        for (int cut = 10; cut < text.length; cut++) {
            TextTerms terms = new TextTerms(List.of(exact, fuzzy));
            terms.begin();
            terms.body(text, 0, cut);
            terms.body(text, cut - terms.longest() + 1, text.length); // As NormalizedText hands pieces over.
            terms.end();
            assertThat(terms.relevancy(1)).isEqualTo(inBody("confer", "conference"));
        }
    }

    @Test
    void wordsBeyondTheLimitDoNotCount() {
        String words = "word ".repeat(FuzzyNeedle.MAX_WORDS);
        assertThat(inBody(words + "other", "word")).isPositive();
        assertThat(inBody(words.substring(5) + "other", "word")).isZero();
        assertThat(new FuzzyNeedle("?! --").isEmpty()).isTrue();
    }

    @Test
    void brokenOctetsDoNoHarm() {
        byte[] text = {'A', (byte) 0xc3, (byte) 0x80, (byte) 0xff, (byte) 0xf8, (byte) 0xe2, 'B', (byte) 0xf4, (byte) 0xbf, (byte) 0xbf};
        FuzzyNeedle needle = new FuzzyNeedle("AB");
        for (int from = 0; from <= text.length; from++) {
            needle.begin();
            needle.body(text, 0, from);
            needle.body(text, from, text.length);
            needle.head(text, from, text.length);
            needle.end();
        }
        assertThat(needle.found()).isFalse();
    }
}
