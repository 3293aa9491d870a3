package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.com", "ALICE@EXAMPLE.COM", "alice", "Alice"})
    void theAddressOrOnADomainOfItsOwnTheName(String name) throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(login(fixture, name, Fixture.PASSWORD)).isEqualTo(new Outcome.Success("alice@example.com"));
        }
    }

    @Test
    void aNameWithoutDomainIsNobodyOnAServerOfMany() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.domain("second.example");
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice+x@example.com", "sales@example.com", "bob@example.com", "@example.com", "a@b@c", ""})
    void nobodyElseLogsIn(String name) throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.aliases.add("sales@example.com", List.of("alice@example.com"));
            assertThat(login(fixture, name, Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void disabledAccountsAndDomainsDoNotLogIn() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.accounts.setEnabled("alice@example.com", false);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
            fixture.accounts.setEnabled("alice@example.com", true);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            fixture.domains.setEnabled(new Domain("example.com"), false);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void everyLookCostsOneHashWhoeverIsNamed() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "many", "off", "none")) {
            for (String label : List.of("phone", "tablet", "printer")) {
                fixture.credentials.set("many@example.com", label, "password of " + label);
            }
            fixture.accounts.setEnabled("off@example.com", false);
            fixture.credentials.remove("none@example.com", Credentials.MAIN_LABEL);
            for (String name : List.of(
                    "alice", "many", "off", "none", "nobody", "nobody@example.net", "alice+x", "", "x".repeat(5_000))) {
                assertThat(hashesFor(fixture, name, "not " + Fixture.PASSWORD)).as(name).isEqualTo(1);
            }
            assertThat(hashesFor(fixture, "alice", "")).isEqualTo(1);
            assertThat(hashesFor(fixture, "alice", "p".repeat(5_000))).isEqualTo(1);
            assertThat(hashesFor(fixture, "alice", "\u0007bell")).isEqualTo(1);
        }
    }

    @Test
    void anyOfSeveralPasswordsIsGood() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.credentials.set("alice@example.com", "phone", "on the phone");
            assertThat(login(fixture, "alice", "on the phone")).isInstanceOf(Outcome.Success.class);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            fixture.credentials.remove("alice@example.com", "phone");
            assertThat(login(fixture, "alice", "on the phone")).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void aPasswordThatWasRightCostsNoFurtherHash() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(hashesFor(fixture, "alice", Fixture.PASSWORD)).isEqualTo(1);
            assertThat(hashesFor(fixture, "alice", Fixture.PASSWORD)).isZero();
        }
    }

    @Test
    void aChangedPasswordIsGoodAtOnceAndTheOldOneNoMore() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            fixture.credentials.set("alice@example.com", Credentials.MAIN_LABEL, "new password");
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
            assertThat(login(fixture, "alice", "new password")).isInstanceOf(Outcome.Success.class);
        }
    }

    @Test
    void anAccountMadeAnewDoesNotTakeTheOldPassword() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            fixture.accounts.remove("alice@example.com");
            fixture.accounts.add("alice@example.com", "another password", "", Quota.NONE);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void aPasswordTypedInAnotherWayIsTheSame() throws IOException {
        try (Fixture fixture = new Fixture(folder)) {
            fixture.domain("example.com");
            fixture.accounts.add("alice@example.com", "gr\u00fc\u00dfe an alle", "", Quota.NONE);
            // u with a combining diaeresis, a no-break space (RFC 4013 §2.1, §2.2)
            assertThat(login(fixture, "alice", "gru\u0308\u00dfe\u00a0an alle")).isInstanceOf(Outcome.Success.class);
        }
    }

    @Test
    void weakHashesAreRenewedAtLogin() throws IOException {
        Argon2Hash.Cost dearer = new Argon2Hash.Cost(16, 1, 1);
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.accounts.list()).hasSize(1);
        }
        try (Fixture fixture = new Fixture(folder, dearer)) {
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            long id = fixture.accounts.get("alice@example.com").id();
            List<CredentialTable.Stored> stored = fixture.database.read(c -> CredentialTable.list(c, id));
            assertThat(stored)
                    .extracting(password -> password.secret().argon2id().cost())
                    .containsExactly(dearer);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
        }
    }

    @Test
    void lastUseIsNotedOnceAnHour() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(lastUses(fixture)).containsExactly("never");
            login(fixture, "alice", Fixture.PASSWORD);
            String first = fixture.time.now().toString();
            fixture.time.advance(Duration.ofMinutes(59));
            login(fixture, "alice", Fixture.PASSWORD);
            assertThat(lastUses(fixture)).containsExactly(first);
            fixture.time.advance(Duration.ofMinutes(1));
            login(fixture, "alice", Fixture.PASSWORD);
            assertThat(lastUses(fixture)).containsExactly(fixture.time.now().toString());
        }
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNoWrongPassword() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.database.close();
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Unavailable.class);
        }
    }

    @Test
    void failuresAreLoggedWithoutThePassword() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            login(fixture, "alice", "hunter2 hunter2");
            assertThat(fixture.log.await("auth.failed").fields())
                    .containsEntry("user", "alice@example.com")
                    .containsEntry("client", "192.0.2.1");
            assertThat(fixture.log.all().toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void answersSlowDownAndThenStop() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            List<Long> delaysMillis = new ArrayList<>();
            Outcome last = new Outcome.Rejected();
            for (int i = 1; last instanceof Outcome.Rejected; i++) {
                Duration before = Duration.ofNanos(fixture.time.nanos());
                last = patientLogin(fixture, "alice", "guess " + i);
                delaysMillis.add(Duration.ofNanos(fixture.time.nanos()).minus(before).toMillis());
            }
            assertThat(delaysMillis).containsExactly(0L, 0L, 0L, 1000L, 2000L, 4000L, 4000L, 4000L, 4000L, 4000L);
            assertThat(last).isInstanceOf(Outcome.LockedOut.class);
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.LockedOut.class);
            fixture.log.await("auth.locked", event -> event.field("account").equals("alice@example.com"));
        }
    }

    @Test
    void aLockEndsByItselfAtItsTime() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Outcome last = new Outcome.Rejected();
            for (int i = 1; last instanceof Outcome.Rejected; i++) {
                last = patientLogin(fixture, "alice", "guess " + i);
            }
            Duration left = last instanceof Outcome.LockedOut locked ? locked.retryAfter() : Duration.ZERO;
            fixture.time.advance(left.minusNanos(1));
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isEqualTo(new Outcome.LockedOut(Duration.ofNanos(1)));
            fixture.time.advance(Duration.ofNanos(1));
            assertThat(login(fixture, "alice", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
        }
    }

    @Test
    void namesThatNobodyHasAreLockedLikeOthers() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Outcome last = new Outcome.Rejected();
            for (int i = 1; i <= 10; i++) {
                last = patientLogin(fixture, "nobody@example.com", "guess " + i);
            }
            assertThat(last).isInstanceOf(Outcome.LockedOut.class);
        }
    }

    /** A login whose answer waits: the clock is moved until it comes. */
    private static Outcome patientLogin(Fixture fixture, String name, String password) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> answer.complete(login(fixture, name, password)));
        Awaitility.await().until(() -> answer.isDone() || fixture.time.hasTasks());
        while (!answer.isDone()) {
            fixture.time.advanceToNextTask();
            Awaitility.await().until(() -> answer.isDone() || fixture.time.hasTasks());
        }
        return answer.join();
    }

    private static long hashesFor(Fixture fixture, String name, String password) {
        long before = fixture.hasher.hashes();
        fixture.throttle.unlockAddress(client());
        fixture.throttle.unlockAccount("alice@example.com");
        login(fixture, name, password);
        return fixture.hasher.hashes() - before;
    }

    private static List<String> lastUses(Fixture fixture) throws IOException {
        return fixture.credentials.list("alice@example.com").stream()
                .map(credential -> credential.lastUsed().map(Object::toString).orElse("never"))
                .toList();
    }

    private static Outcome login(Fixture fixture, String name, String password) {
        return fixture.authenticator.verify(name, password, client());
    }

    private static InetAddress client() {
        try {
            return InetAddress.getByName("192.0.2.1");
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
