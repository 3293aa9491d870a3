package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that may send as others. */
class DelegationsTest {
    private static final String ALICE = "alice@example.com";
    private static final Address BOSS = Address.of("Boss", new Domain("example.com"));

    @TempDir
    private Path folder;

    @Test
    void aRightIsForOneAddressUntilItIsRevoked() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "boss")) {
            Delegations delegations = new Delegations(fixture.database, fixture.time);
            fixture.aliases.add("sales@example.com", List.of("boss@example.com"));
            assertThat(delegations.allows(ALICE, BOSS)).isFalse();
            delegations.grant("Alice@example.com", "BOSS@Example.com");
            assertThat(delegations.allows(ALICE, BOSS)).isTrue();
            assertThat(delegations.allows("boss@example.com", Address.of("alice", new Domain("example.com")))).isFalse();
            assertThat(delegations.allows(ALICE, Address.of("sales", new Domain("example.com")))).as("what leads there").isFalse();
            assertThat(new Delegations(fixture.database, fixture.time).allows(ALICE, BOSS)).as("after a restart").isTrue();
            assertThat(delegations.revoke(ALICE, "boss@example.com")).isTrue();
            assertThat(delegations.revoke(ALICE, "boss@example.com")).isFalse();
            assertThat(delegations.allows(ALICE, BOSS)).isFalse();
        }
    }

    @Test
    void itGoesWithTheAccountAndWithTheAddress() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "boss")) {
            Delegations delegations = new Delegations(fixture.database, fixture.time);
            fixture.aliases.add("sales@example.com", List.of("boss@example.com"));
            delegations.grant(ALICE, "boss@example.com");
            delegations.grant(ALICE, "sales@example.com");
            fixture.aliases.remove("sales@example.com");
            fixture.accounts.remove("boss@example.com");
            fixture.account("boss@example.com");
            assertThat(delegations.allows(ALICE, BOSS)).as("another boss").isFalse();
            assertThat(delegations.all()).isEmpty();
            delegations.grant(ALICE, "boss@example.com");
            fixture.accounts.remove(ALICE);
            assertThat(delegations.all()).isEmpty();
        }
    }

    @Test
    void onlyAddressesOfThisServerCanBeLent() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Delegations delegations = new Delegations(fixture.database, fixture.time);
            assertThatThrownBy(() -> delegations.grant(ALICE, "boss@example.com"))
                    .isInstanceOf(OperatorException.class).hasMessageContaining("no account or alias boss@example.com");
            assertThatThrownBy(() -> delegations.grant(ALICE, "boss@example.net")).isInstanceOf(OperatorException.class);
            assertThatThrownBy(() -> delegations.grant("bob@example.com", ALICE)).isInstanceOf(OperatorException.class);
            delegations.grant(ALICE, "postmaster@example.com");
            assertThat(delegations.of(ALICE)).hasSize(1);
        }
    }
}
