package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccessTokens.SignIn;
import io.mailserver.base.Domain;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokensTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    @TempDir
    private Path folder;

    private Fixture fixture;
    private AccessTokens tokens;

    @BeforeEach
    void open() throws IOException {
        fixture = Fixture.with(folder, "alice", "bob");
        tokens = fixture.tokens;
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    @Test
    void aCookieIsGoodUntilItIsNotUsedForSixtyDays() throws IOException {
        String cookie = browser().secret();
        for (int i = 0; i < 4; i++) {
            fixture.time.advance(AccessTokens.UNUSED.minusMinutes(1));
            assertThat(tokens.byCookie(cookie, CLIENT)).get().extracting(AccessTokens.Signed::username).isEqualTo("alice@example.com");
        }
        fixture.time.advance(AccessTokens.UNUSED.plusSeconds(1));
        assertThat(tokens.byCookie(cookie, CLIENT)).isEmpty();
    }

    @Test
    void anAccessTokenIsGoodForAnHour() throws IOException {
        String access = program().accessToken().orElseThrow();
        fixture.time.advance(AccessTokens.ACCESS.minusMillis(1));
        assertThat(tokens.byAccessToken(access, CLIENT)).isPresent();
        fixture.time.advance(Duration.ofMillis(1));
        assertThat(tokens.byAccessToken(access, CLIENT)).isEmpty();
    }

    @Test
    void noSecretIsTakenForAnotherKind() throws IOException {
        SignIn.Done browser = browser();
        SignIn.Done program = program();
        String access = program.accessToken().orElseThrow();
        assertThat(tokens.byAccessToken(browser.secret(), CLIENT)).isEmpty();
        assertThat(tokens.byAccessToken(program.secret(), CLIENT)).isEmpty();
        assertThat(tokens.byCookie(program.secret(), CLIENT)).isEmpty();
        assertThat(tokens.byCookie(access, CLIENT)).isEmpty();
        assertThat(tokens.refresh(browser.secret(), CLIENT)).isEmpty();
        assertThat(tokens.refresh(access, CLIENT)).isEmpty();
        assertThat(tokens.byCookie("", CLIENT)).isEmpty();
        assertThat(tokens.byAccessToken("x".repeat(43), CLIENT)).isEmpty();
    }

    @Test
    void aRefreshTokenIsReplacedAndALostAnswerMayBeAskedForAgain() throws IOException {
        String first = program().secret();
        AccessTokens.Tokens lost = tokens.refresh(first, CLIENT).orElseThrow();
        fixture.time.advance(AccessTokens.REPEAT.minusMillis(1));
        AccessTokens.Tokens again = tokens.refresh(first, CLIENT).orElseThrow();
        assertThat(tokens.refresh(lost.refreshToken(), CLIENT)).isEmpty();
        assertThat(tokens.byAccessToken(again.accessToken(), CLIENT)).isPresent();
        assertThat(tokens.refresh(again.refreshToken(), CLIENT)).isPresent();
    }

    @Test
    void anOldRefreshTokenUsedAgainSignsTheDeviceOut() throws IOException {
        String first = program().secret();
        AccessTokens.Tokens next = tokens.refresh(first, CLIENT).orElseThrow();
        fixture.time.advance(AccessTokens.REPEAT);
        assertThat(tokens.refresh(first, CLIENT)).isEmpty();
        assertThat(tokens.byAccessToken(next.accessToken(), CLIENT)).isEmpty();
        assertThat(tokens.refresh(next.refreshToken(), CLIENT)).isEmpty();
        assertThat(fixture.log.events("auth.device-revoked")).hasSize(1);
    }

    @Test
    void devicesAreListedAndRevokedByTheirOwnerOnly() throws IOException {
        SignIn.Done first = browser();
        fixture.time.advance(Duration.ofMinutes(1));
        SignIn.Done second = program();
        long alice = first.signed().accountId();
        assertThat(tokens.devices(alice)).extracting(Device::name).containsExactly("a program", "a browser");
        assertThat(tokens.devices(alice)).extracting(Device::address).containsOnly("192.0.2.1");
        assertThat(tokens.revoke(alice + 1, first.signed().device())).isFalse();
        assertThat(tokens.revoke(alice, first.signed().device())).isTrue();
        assertThat(tokens.byCookie(first.secret(), CLIENT)).isEmpty();
        assertThat(tokens.byAccessToken(second.accessToken().orElseThrow(), CLIENT)).isPresent();
    }

    @Test
    void anotherPasswordEndsTheDevicesOfTheOldOneButTheOneWhereItIsChanged() throws IOException {
        SignIn.Done here = browser();
        SignIn.Done elsewhere = program();
        fixture.credentials.set("alice@example.com", Credentials.MAIN_LABEL, "another secret", Optional.of(here.signed().device()));
        assertThat(tokens.byCookie(here.secret(), CLIENT)).isPresent();
        assertThat(tokens.byAccessToken(elsewhere.accessToken().orElseThrow(), CLIENT)).isEmpty();
        assertThat(tokens.refresh(elsewhere.secret(), CLIENT)).isEmpty();
        fixture.credentials.set("alice@example.com", "phone", "a third secret");
        assertThat(tokens.byCookie(here.secret(), CLIENT)).isPresent();
        fixture.credentials.remove("alice@example.com", Credentials.MAIN_LABEL);
        assertThat(tokens.byCookie(here.secret(), CLIENT)).isEmpty();
    }

    @Test
    void nobodyIsSignedInWhileAccountOrDomainIsOffOrAfterItsRemoval() throws IOException {
        String cookie = browser().secret();
        fixture.accounts.setEnabled("alice@example.com", false);
        assertThat(tokens.byCookie(cookie, CLIENT)).isEmpty();
        fixture.accounts.setEnabled("alice@example.com", true);
        assertThat(tokens.byCookie(cookie, CLIENT)).isPresent();
        fixture.domains.setEnabled(new Domain("example.com"), false);
        assertThat(tokens.byCookie(cookie, CLIENT)).isEmpty();
        fixture.domains.setEnabled(new Domain("example.com"), true);
        fixture.accounts.remove("alice@example.com");
        fixture.account("alice@example.com");
        assertThat(tokens.byCookie(cookie, CLIENT)).isEmpty();
    }

    @Test
    void wrongPasswordsAreCountedAsElsewhere() throws IOException {
        SignIn wrong = tokens.signIn("alice@example.com", "wrong", "x", true, CLIENT);
        assertThat(wrong).isEqualTo(new SignIn.Refused(new Outcome.Rejected()));
        assertThat(fixture.log.events("auth.failed")).hasSize(1);
    }

    @Test
    void theOldestDeviceGivesWayToOneTooMany() throws IOException {
        String first = browser().secret();
        for (int i = 1; i < AccessTokens.MAX_DEVICES; i++) {
            fixture.time.advance(Duration.ofSeconds(1));
            browser();
        }
        assertThat(tokens.byCookie(first, InetAddress.ofLiteral("192.0.2.1"))).isPresent();
        fixture.time.advance(Duration.ofSeconds(1));
        long alice = browser().signed().accountId();
        assertThat(tokens.devices(alice)).hasSize(AccessTokens.MAX_DEVICES);
        assertThat(tokens.byCookie(first, CLIENT)).isEmpty();
    }

    @Test
    void noSecretIsInTheFileAndNoTwoAreTheSame() throws IOException {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            SignIn.Done done = program();
            secrets.add(done.secret());
            secrets.add(done.accessToken().orElseThrow());
            assertThat(done.toString()).doesNotContain(done.secret()).doesNotContain(done.accessToken().orElseThrow());
        }
        assertThat(secrets).hasSize(40);
        for (String file : new String[] {"system.db", "system.db-wal"}) {
            if (Files.exists(folder.resolve(file))) {
                String octets = new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1);
                assertThat(secrets).noneMatch(octets::contains);
            }
        }
    }

    private SignIn.Done browser() throws IOException {
        return (SignIn.Done) tokens.signIn("alice@example.com", Fixture.PASSWORD, "a browser", true, CLIENT);
    }

    private SignIn.Done program() throws IOException {
        return (SignIn.Done) tokens.signIn("alice@example.com", Fixture.PASSWORD, "a program", false, CLIENT);
    }
}
