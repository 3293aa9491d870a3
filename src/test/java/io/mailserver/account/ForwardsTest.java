package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aliases that lead to other servers. */
class ForwardsTest {
    private static final Address ALIAS = Address.of("team", new Domain("example.com"));
    private static final Address FRIEND = Address.of("Friend", new Domain("example.net"));
    private static final Forward FORWARD = new Forward(ALIAS, FRIEND);
    private static final Forwards.Patience PATIENCE = new Forwards.Patience(3, Duration.ofDays(1));

    @TempDir
    private Path folder;

    @Test
    void anAliasLeadsHereAndElsewhere() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.aliases.add("team@example.com", List.of("Alice@example.com", "Friend@Example.NET"));
            assertThat(fixture.resolve("Team+x@example.com")).isInstanceOfSatisfying(Resolution.Local.class, local -> {
                assertThat(local.accounts()).extracting(AccountRef::localPart).containsExactly("alice");
                assertThat(local.forwards()).containsExactly(FORWARD);
            });
            assertThat(fixture.resolve("friend@example.net")).isInstanceOf(Resolution.NotLocal.class);
        }
    }

    @Test
    void theInnermostAliasForwards() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            fixture.aliases.add("team@example.com", List.of("Friend@example.net"));
            fixture.aliases.add("all@example.com", List.of("team@example.com", "Friend@example.net"));
            assertThat(fixture.resolve("all@example.com")).isInstanceOfSatisfying(Resolution.Local.class,
                    local -> assertThat(local.forwards()).containsExactly(FORWARD));
        }
    }

    @Test
    void aCatchAllLeadsNowhereElse() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            assertThatThrownBy(() -> fixture.domains.setCatchAll(new Domain("example.com"), "friend@example.net"))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("friend@example.net is not an address of this server");
        }
    }

    @Test
    void aTargetThatKeepsFailingIsSuspendedUntilItIsResumed() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            Forwards forwards = new Forwards(fixture.database, fixture.time);
            fixture.aliases.add("team@example.com", List.of("Friend@example.net"));
            for (int i = 0; i < 5; i++) {
                assertThat(forwards.failed(FORWARD, "550 gone", PATIENCE)).as("in its first day").isFalse();
            }
            fixture.time.advance(Duration.ofDays(1));
            assertThat(forwards.failed(FORWARD, "550 still gone", PATIENCE)).isTrue();
            assertThat(forwards.failed(FORWARD, "550 still gone", PATIENCE)).as("told once").isFalse();
            assertThat(fixture.resolve("team@example.com")).isInstanceOf(Resolution.Disabled.class);
            assertThat(forwards.of(ALIAS)).singleElement().satisfies(state -> {
                assertThat(state.suspended()).contains(fixture.time.now());
                assertThat(state.reason()).isEqualTo("550 still gone");
            });
            assertThat(forwards.resume("team@example.com")).containsExactly(FRIEND);
            assertThat(fixture.resolve("team@example.com")).isInstanceOf(Resolution.Local.class);
            assertThat(forwards.of(ALIAS)).isEmpty();
        }
    }

    @Test
    void aSuccessMakesEarlierFailuresForgotten() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            fixture.aliases.add("team@example.com", List.of("Friend@example.net"));
            new Forwards(fixture.database, fixture.time).failed(FORWARD, "550 gone", PATIENCE);
            Forwards afterARestart = new Forwards(fixture.database, fixture.time);
            afterARestart.succeeded(FORWARD);
            assertThat(afterARestart.of(ALIAS)).isEmpty();
        }
    }

    @Test
    void otherMailOfThatNameCountsNothing() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Forwards forwards = new Forwards(fixture.database, fixture.time);
            Forward ofAnAccount = new Forward(Address.of("alice", new Domain("example.com")), FRIEND);
            assertThat(forwards.failed(ofAnAccount, "550 gone", new Forwards.Patience(1, Duration.ZERO))).isFalse();
            assertThat(forwards.list()).isEmpty();
        }
    }

    @Test
    void aSecretIsTheSameAfterARestart() throws IOException {
        byte[] key;
        try (Fixture fixture = Fixture.with(folder)) {
            key = new ServerSecrets(fixture.database, new SecureRandom()).key("x");
        }
        try (Fixture fixture = new Fixture(folder)) {
            ServerSecrets secrets = new ServerSecrets(fixture.database, new SecureRandom());
            assertThat(secrets.key("x")).isEqualTo(key).hasSize(32);
            assertThat(secrets.key("y")).isNotEqualTo(key);
        }
    }
}
