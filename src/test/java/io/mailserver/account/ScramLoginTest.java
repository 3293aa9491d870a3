package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.ScramDirectory;
import io.mailserver.sasl.ScramDirectory.Lookup;
import io.mailserver.sasl.ScramKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScramLoginTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    @TempDir
    private Path folder;

    @Test
    void provenKeysLogIn() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ScramDirectory scram = fixture.authenticator.scram().orElseThrow();
            assertThat(scram.conclude("Alice", Optional.of(keys(scram, "alice").getFirst()), CLIENT))
                    .isEqualTo(new Outcome.Success("alice@example.com"));
        }
    }

    /** One challenge serves all passwords of an account. */
    @Test
    void allPasswordsOfAnAccountShareTheSalt() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.credentials.set("alice@example.com", "phone", "battery staple");
            List<ScramKeys> keys = keys(fixture.authenticator.scram().orElseThrow(), "alice");
            assertThat(keys).hasSize(2);
            assertThat(keys.getFirst().sameChallenge(keys.getLast())).isTrue();
        }
    }

    @Test
    void passwordTakenAwayMeanwhileLogsNobodyIn() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ScramDirectory scram = fixture.authenticator.scram().orElseThrow();
            ScramKeys before = keys(scram, "alice").getFirst();
            fixture.credentials.remove("alice@example.com", Credentials.MAIN_LABEL);
            assertThat(scram.conclude("alice", Optional.of(before), CLIENT)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void disabledAccountsDoNotLogIn() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ScramDirectory scram = fixture.authenticator.scram().orElseThrow();
            ScramKeys keys = keys(scram, "alice").getFirst();
            fixture.accounts.setEnabled("alice@example.com", false);
            assertThat(scram.conclude("alice", Optional.of(keys), CLIENT)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void nobodyIsChallengedWithTheSameSaltEachTime() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ScramDirectory scram = fixture.authenticator.scram().orElseThrow();
            ScramKeys first = keys(scram, "nobody").getFirst();
            assertThat(first.sameChallenge(keys(scram, "nobody").getFirst())).isTrue();
            assertThat(first.sameChallenge(keys(scram, "nobody2").getFirst())).isFalse();
            assertThat(first.iterations()).isEqualTo(keys(scram, "alice").getFirst().iterations());
        }
    }

    @Test
    void failuresLockAsThoseOfPasswords() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ScramDirectory scram = fixture.authenticator.scram().orElseThrow();
            for (int i = 0; i < Fixture.LIMITS.accountFailures(); i++) {
                fixture.throttle.failed("alice@example.com", CLIENT, java.nio.ByteBuffer.wrap(new byte[] {(byte) i}));
            }
            assertThat(scram.lookup("alice", CLIENT)).isInstanceOfSatisfying(Lookup.Refused.class, refused -> assertThat(
                            refused.outcome())
                    .isInstanceOf(Outcome.LockedOut.class));
        }
    }

    private static List<ScramKeys> keys(ScramDirectory scram, String name) {
        assertThat(scram.lookup(name, CLIENT)).isInstanceOf(Lookup.Found.class);
        return scram.lookup(name, CLIENT) instanceof Lookup.Found found ? found.keys() : List.of();
    }
}
