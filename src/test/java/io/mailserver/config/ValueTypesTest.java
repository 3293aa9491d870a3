package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
    @TempDir
    private Path folder;

    record Sample(
            @Key(doc = "A.") Secret password, @Key(doc = "B.", value = "1", unit = "things", min = "-5", max = "5") long count) {}

    @ParameterizedTest
    @CsvSource({
        "0, 0", "2048, 2048", "2048B, 2048", "1KiB, 1024", "1 KiB, 1024", "50MiB, 52428800", "2GiB, 2147483648", "1TiB, 1099511627776"
    })
    void sizes(String text, long octets) throws BadValueException {
        assertThat(ByteSize.parse(text).octets()).isEqualTo(octets);
        assertThat(ByteSize.parse(ByteSize.parse(text).toString()).octets()).isEqualTo(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5MiB", "50MB", "50 mib", "KiB", "0x10", "1_000", "9999999999999999999", "٣", "1e3"})
    void notSizes(String text) {
        assertThat(catchThrowableOfType(BadValueException.class, () -> ByteSize.parse(text))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "12h, PT12H", "7d, PT168H", "1h30m, PT1H30M", "1h 30m, PT1H30M", "0s, PT0S"})
    void durations(String text, Duration expected) throws BadValueException {
        assertThat(types().parse(Duration.class, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5h", "5 minutes", "9999999999s", "5S"})
    void notDurations(String text) {
        assertThat(catchThrowableOfType(BadValueException.class, () -> types().parse(Duration.class, text))).isNotNull();
    }

    @Test
    void aStarIsAllAddresses() throws BadValueException {
        assertThat(((InetAddress) types().parse(InetAddress.class, "*")).isAnyLocalAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:secret", "env:MAIL_SECRET"})
    void secretsComeFromFilesOrTheEnvironment(String reference) throws IOException, BadValueException {
        Files.writeString(folder.resolve("secret"), "s3cret value\n");

        Object secret = types().parse(Secret.class, reference);

        assertThat(((Secret) secret).reveal()).isEqualTo("s3cret value");
        assertThat(secret).hasToString("(secret)");
    }

    @Test
    void aSecretThatStandsInTheFileIsRefusedAndNotRepeated() {
        OperatorException failure = catchThrowableOfType(
                OperatorException.class, () -> ConfigLoader.bind(Sample.class, null, Map.of("password", "hunter2"), Map.of()));

        assertThat(failure).hasMessageContaining("a secret may not stand in the configuration");
        assertThat(failure.toString() + failure.hint()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"env:NOT_SET, is not set", "file:none, cannot be read"})
    void aSecretThatIsNotThereIsAMistake(String reference, String expected) {
        BadValueException failure = catchThrowableOfType(BadValueException.class, () -> types().parse(Secret.class, reference));

        assertThat(failure.what()).contains(expected);
    }

    @Test
    void aSecretNeverShowsInItsRecord() {
        Sample sample = ConfigLoader.bind(Sample.class, null, Map.of("password", "env:P"), Map.of("P", "hunter2"));

        assertThat(sample.toString()).doesNotContain("hunter2");
        assertThat(sample.password().reveal()).isEqualTo("hunter2");
        assertThat(sample).isEqualTo(ConfigLoader.bind(Sample.class, null, Map.of("password", "env:P"), Map.of("P", "hunter2")));
        assertThat(sample).isNotEqualTo(ConfigLoader.bind(Sample.class, null, Map.of("password", "env:P"), Map.of("P", "hunter3")));
    }

    @ParameterizedTest
    @CsvSource({"-6, false", "-5, true", "5, true", "6, false"})
    void bothEndsOfARangeAreInIt(String count, boolean allowed) {
        Map<String, String> sets = Map.of("password", "env:P", "count", count);
        OperatorException failure = catchThrowableOfType(
                OperatorException.class, () -> ConfigLoader.bind(Sample.class, null, sets, Map.of("P", "p")));

        assertThat(failure == null).isEqualTo(allowed);
    }

    @Test
    void boundsOfEveryKeyAreThemselvesAllowed() {
        for (Schema.Entry entry : Schema.allKeysOf(Config.class)) {
            for (String bound : List.of(entry.key().min(), entry.key().max())) {
                if (!bound.isEmpty()) {
                    assertThat(ConfigLoader.of(Map.of(entry.path(), bound))).as(entry.path()).isNotNull();
                }
            }
        }
    }

    private ValueTypes types() {
        return new ValueTypes(folder, Map.of("MAIL_SECRET", "s3cret value"));
    }
}
