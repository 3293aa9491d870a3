package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.maildir.MaildirName.ImapNumber;
import io.mailserver.simulation.ManualTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaildirNameTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T05:00:00.012345678Z"));

    @Test
    void aNewNameHasTimeProcessCounterHostAndSizes() {
        String unique = new UniqueNames(time, "mail.example.com", 678, 8).next();
        assertThat(MaildirName.of(unique, 1234, 1250))
                .hasToString("1795323600.M12345P678Q9.mail.example.com,S=1234,W=1250");
    }

    @Test
    void namesOfOneMomentDiffer() {
        UniqueNames names = new UniqueNames(time, "host", 1, 0);
        assertThat(names.next()).isNotEqualTo(names.next());
    }

    @ParameterizedTest
    @CsvSource({"a/b:c, a\\057b\\072c", "'a,b', a\\054b", "'a b\n', a_b_", "'', localhost"})
    void theHostIsEscaped(String host, String escaped) {
        assertThat(new UniqueNames(time, host, 1, 0).next()).endsWith("." + escaped);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1795323600.M12345P678Q9.mail.example.com,S=1234,W=1250",
                "1795323600.M1P2.host,S=10,W=11:2,FS",
                "1795323600.123_1.host:2,",
                "cur.with.dots",
            })
    void aParsedNameIsWrittenAsItWas(String name) {
        assertThat(MaildirName.parse(name)).map(MaildirName::toString).contains(name);
    }

    @Test
    void partsAreRead() {
        MaildirName name = name("1.M2P3.h,S=10,U=7,W=12,I=5-4294967295:2,RSb");
        assertThat(name.unique()).isEqualTo("1.M2P3.h");
        assertThat(name.size()).hasValue(10);
        assertThat(name.crlfSize()).hasValue(12);
        assertThat(name.imapNumber()).contains(new ImapNumber(5, 4_294_967_295L));
        assertThat(name.flags()).isEqualTo(MaildirFlags.of("RSb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", ",S=1", ":2,S"})
    void whatNoMessageIsCalledIsRefused(String name) {
        assertThat(MaildirName.parse(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a,I=0-1", "a,I=1-0", "a,I=1", "a,I=1-4294967296", "a,I=-1-1", "a,I=",
                "a,I=1-2x", "a,I=1-99999999999999999999", "a,i=1-2"})
    void whatIsNoUidIsNone(String name) {
        assertThat(name(name).imapNumber()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a, 'a:2,'",
        "'a,S=1', 'a,S=1:2,'",
        "'a:2,TSRa', 'a:2,'",
        "'a:2,SX', 'a:2,X'",
        "'a:2,S1-', 'a:2,1-'",
        "'a:1,exp', 'a:2,'",
    })
    void flagsAreReplacedAndOtherLettersKept(String before, String after) {
        assertThat(name(before).withFlags(MaildirFlags.NONE)).hasToString(after);
    }

    @Test
    void flagsStandInTheOrderOfAscii() {
        assertThat(name("a:2,X").withFlags(MaildirFlags.of("bTaDS"))).hasToString("a:2,DSTXab");
    }

    @Test
    void aUidReplacesAUidAndLeavesOtherFieldsWhereTheyWere() {
        assertThat(name("a,U=3,I=1-2,S=4:2,F").withImapNumber(new ImapNumber(7, 8))).hasToString("a,U=3,S=4,I=7-8:2,F");
        assertThat(name("a,U=3,I=1-2,S=4:2,F").withoutImapNumber()).hasToString("a,U=3,S=4:2,F");
    }

    @Test
    void aNameBeyond255OctetsDoesNotFit() {
        assertThat(name("a".repeat(255)).fits()).isTrue();
        assertThat(name("a".repeat(250)).withImapNumber(new ImapNumber(1, 1)).fits()).isFalse();
        assertThat(name("é".repeat(200)).fits()).isFalse();
    }

    @Test
    void aSizeTooLongToBeOneIsIgnored() {
        assertThat(MaildirName.parse("a,S=9999999999999999999").orElseThrow().size()).isEmpty();
    }

    private static MaildirName name(String text) {
        return MaildirName.parse(text).orElseThrow();
    }
}
