package io.mailserver.authres;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.authres.AuthenticationResults.SyntaxException;
import io.mailserver.mime.HeaderField;
import io.mailserver.simulation.Fuzz;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthresFuzzTest {
    @Test
    void anyPayloadIsReadOrRefused() {
        Fuzz.texts(List.of(AuthenticationResultsTest.FULL, "example.com; none"), payload -> {
            try {
                AuthenticationResults read = AuthenticationResults.parse(payload);
                boolean writable = read.results().stream().allMatch(result -> result.method().matches("[a-z0-9_-]+")
                        && result.result().matches("[a-z0-9_-]+")
                        && result.properties().stream().allMatch(property -> (property.type() + property.name()).matches("[a-z0-9_-]+")));
                if (writable) {
                    String field = read.toField();
                    assertThat(field.substring(0, field.length() - 2).replaceAll("\r\n[ \t]", "")).doesNotContain("\r", "\n");
                    assertThat(AuthenticationResults.parse(HeaderField.of(field)).results()).hasSameSizeAs(read.results());
                }
            } catch (SyntaxException e) {
                assertThat(Optional.ofNullable(e.getMessage())).isPresent();
            }
        });
    }
}
