package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.ManualTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
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
        assertThat(MaildirName.parse("1.M2P3.h,S=10,U=7,W=12:2,RS"))
                .contains(new MaildirName("1.M2P3.h", OptionalLong.of(10), OptionalLong.of(12), Optional.of("RS")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", ",S=1", ":2,S"})
    void whatNoMessageIsCalledIsRefused(String name) {
        assertThat(MaildirName.parse(name)).isEmpty();
    }

    @Test
    void aSizeTooLongToBeOneIsIgnored() {
        assertThat(MaildirName.parse("a,S=9999999999999999999").orElseThrow().size()).isEmpty();
    }
}
