package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invitations and links to new passwords: good once, for a time, and for nothing else. */
class AccountLinksTest {
    private static final Domain DOMAIN = new Domain("example.com");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    @TempDir
    private Path folder;

    private static AccountLinks links(Fixture fixture) {
        return new AccountLinks(
                fixture.database, fixture.credentials, fixture.throttle, new SecureRandom(), fixture.time, fixture.log);
    }

    @Test
    void anInvitationMakesOneAccount() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AccountLinks links = links(fixture);
            AccountLinks.Made made = links.invite(DOMAIN, Optional.empty(), new Quota(100, 1000), AccountLinks.INVITATION);
            assertThat(made.toString()).doesNotContain(made.token());
            assertThat(links.look(made.token(), CLIENT)).isEqualTo(
                    new AccountLinks.Offer(DOMAIN, Optional.empty(), false, fixture.time.now().plus(Duration.ofDays(7))));
            for (String taken : new String[] {"alice", "Postmaster", "admin", "hostmaster", "not an address", "", "a@other.example"}) {
                assertThatThrownBy(() -> links.use(made.token(), taken, "", "a good password", CLIENT)).as(taken)
                        .isInstanceOf(OperatorException.class);
            }
            assertThatThrownBy(() -> links.use(made.token(), "bob", "", "short", CLIENT)).isInstanceOf(OperatorException.class);
            assertThat(links.use(made.token(), " Bob ", "Bob B.", "a good password", CLIENT)).hasToString("bob@example.com");
            assertThat(fixture.accounts.get("bob@example.com").quota()).isEqualTo(new Quota(100, 1000));
            assertThat(login(fixture, "bob@example.com", "a good password")).isInstanceOf(Outcome.Success.class);
            assertThatThrownBy(() -> links.look(made.token(), CLIENT)).isInstanceOf(AccountLinks.RefusedException.class);
            assertThatThrownBy(() -> links.use(made.token(), "carol", "", "a good password", CLIENT))
                    .isInstanceOf(AccountLinks.RefusedException.class);
        }
    }

    @Test
    void anAddressThatTheOperatorNamedIsTheOnlyOne() throws Exception {
        try (Fixture fixture = Fixture.with(folder)) {
            AccountLinks links = links(fixture);
            AccountLinks.Made made = links.invite(DOMAIN, Optional.of("info"), Quota.NONE, AccountLinks.INVITATION);
            assertThat(links.use(made.token(), "somebody.else", "", "a good password", CLIENT)).hasToString("info@example.com");
            assertThatThrownBy(() -> links.invite(DOMAIN, Optional.of("info"), Quota.NONE, AccountLinks.INVITATION))
                    .isInstanceOf(OperatorException.class).hasMessageContaining("is here already");
            assertThatThrownBy(() -> links.invite(new Domain("other.example"), Optional.empty(), Quota.NONE, AccountLinks.INVITATION))
                    .isInstanceOf(OperatorException.class);
        }
    }

    @Test
    void aLostPasswordIsSetAnewAndSignsOthersOut() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            AccountLinks links = links(fixture);
            String secret = ((AccessTokens.SignIn.Done) fixture.tokens.signIn("alice@example.com", Fixture.PASSWORD, "old", true, CLIENT))
                    .secret();
            AccountLinks.Made first = links.newPassword("alice@example.com", AccountLinks.NEW_PASSWORD);
            AccountLinks.Made second = links.newPassword("alice@example.com", AccountLinks.NEW_PASSWORD);
            assertThatThrownBy(() -> links.look(first.token(), CLIENT)).as("the newer one counts")
                    .isInstanceOf(AccountLinks.RefusedException.class);
            assertThat(links.use(second.token(), "bob", "", "found again", CLIENT)).as("its own account, whatever is asked for")
                    .hasToString("alice@example.com");
            assertThat(login(fixture, "alice@example.com", "found again")).isInstanceOf(Outcome.Success.class);
            assertThat(login(fixture, "alice@example.com", Fixture.PASSWORD)).isInstanceOf(Outcome.Rejected.class);
            assertThat(login(fixture, "bob@example.com", Fixture.PASSWORD)).isInstanceOf(Outcome.Success.class);
            assertThat(fixture.tokens.byCookie(secret, CLIENT)).isEmpty();
            assertThatThrownBy(() -> links.newPassword("nobody@example.com", AccountLinks.NEW_PASSWORD))
                    .isInstanceOf(OperatorException.class);
        }
    }

    @Test
    void whatIsOverIsOver() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AccountLinks links = links(fixture);
            AccountLinks.Made made = links.newPassword("alice@example.com", Duration.ofHours(1));
            fixture.time.advance(Duration.ofHours(1).minusMillis(1));
            assertThat(links.look(made.token(), CLIENT).existing()).isTrue();
            fixture.time.advance(Duration.ofMillis(1));
            assertThatThrownBy(() -> links.look(made.token(), CLIENT)).isInstanceOf(AccountLinks.RefusedException.class);
            AccountLinks.Made disabled = links.newPassword("alice@example.com", Duration.ofHours(1));
            fixture.accounts.setEnabled("alice@example.com", false);
            assertThatThrownBy(() -> links.look(disabled.token(), CLIENT)).isInstanceOf(AccountLinks.RefusedException.class);
            fixture.accounts.remove("alice@example.com");
            fixture.account("alice@example.com");
            assertThatThrownBy(() -> links.look(disabled.token(), CLIENT)).as("not that of the account before")
                    .isInstanceOf(AccountLinks.RefusedException.class);
            AccountLinks.Made revoked = links.newPassword("alice@example.com", Duration.ofHours(1));
            assertThat(links.revokeAll()).isEqualTo(1);
            assertThatThrownBy(() -> links.look(revoked.token(), CLIENT)).isInstanceOf(AccountLinks.RefusedException.class);
            for (Duration wrong : new Duration[] {Duration.ofSeconds(59), Duration.ofDays(90).plusSeconds(1)}) {
                assertThatThrownBy(() -> links.newPassword("alice@example.com", wrong)).isInstanceOf(OperatorException.class);
            }
        }
    }

    @Test
    void onlyTheHashIsKept() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AccountLinks.Made made = links(fixture).newPassword("alice@example.com", AccountLinks.NEW_PASSWORD);
            List<String> kept =
                    fixture.database.read(c -> Sql.list(c, row -> row.getString(1), "SELECT token_hash FROM account_links"));
            assertThat(kept).containsExactly(AccessTokens.hash(made.token())).doesNotContain(made.token());
        }
    }

    @Test
    void guessingShutsTheNetworkOut() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AccountLinks links = links(fixture);
            AccountLinks.Made made = links.newPassword("alice@example.com", AccountLinks.NEW_PASSWORD);
            for (int i = 0; i < 20; i++) {
                String guess = "%043d".formatted(i);
                assertThatThrownBy(() -> links.look(guess, CLIENT)).isInstanceOf(AccountLinks.RefusedException.class);
            }
            assertThatThrownBy(() -> links.look(made.token(), CLIENT)).isInstanceOfSatisfying(
                    AccountLinks.RefusedException.class, refused -> assertThat(refused.retryAfter()).isPresent());
            assertThat(links.look(made.token(), InetAddress.ofLiteral("198.51.100.1")).existing()).as("from elsewhere").isTrue();
        }
    }

    @Test
    void ofTwoAtOnceOneGetsTheAccount() throws Exception {
        try (Fixture fixture = Fixture.with(folder);
                ExecutorService both = Executors.newFixedThreadPool(2)) {
            AccountLinks links = links(fixture);
            for (int round = 0; round < 5; round++) {
                String token = links.invite(DOMAIN, Optional.empty(), Quota.NONE, AccountLinks.INVITATION).token();
                int before = fixture.accounts.list().size();
                Callable<Boolean> use = () -> {
                    try {
                        links.use(token, "user-" + System.nanoTime(), "", "a good password", CLIENT);
                        return true;
                    } catch (AccountLinks.RefusedException e) {
                        return false;
                    }
                };
                Future<Boolean> one = both.submit(use);
                Future<Boolean> other = both.submit(use);
                assertThat(one.get()).isNotEqualTo(other.get());
                assertThat(fixture.accounts.list()).hasSize(before + 1);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome login(Fixture fixture, String address, String password) throws IOException {
        return fixture.authenticator.verify(address, password, InetAddress.ofLiteral("203.0.113.5"));
    }
}
