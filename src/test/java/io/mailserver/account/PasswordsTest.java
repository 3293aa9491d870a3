package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import io.mailserver.sasl.ScramKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes, keys, policy, and random passwords. */
class PasswordsTest {
    @TempDir
    private Path folder;

    /** Made with the reference implementation's command: {@code echo -n password | argon2 somesalt -id -t T -m M -p P -e}. */
    @ParameterizedTest
    @CsvSource(delimiter = ' ', textBlock = """
            password $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc
            password $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4
            password $argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc
            differentpassword $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94
            """)
    void hashesAreThoseOfTheReference(String password, String reference) {
        Argon2Hash expected = Argon2Hash.parse(reference);
        Argon2Hash computed = Argon2Hash.compute(password, expected.salt(), expected.cost());
        assertThat(computed.matches(expected)).isTrue();
        assertThat(computed.format()).isEqualTo(reference);
        assertThat(Argon2Hash.compute(password + "x", expected.salt(), expected.cost()).matches(expected)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR", "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIP",
        "$argon2id$v=19$m=1,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "$2b$10$something"
    })
    void whatIsNoHashOfThisKindIsNotTaken(String text) {
        assertThatThrownBy(() -> Argon2Hash.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAndHashesAreKeptAsText() {
        byte[] salt = "salt of 16 octet".getBytes(StandardCharsets.US_ASCII);
        ScramKeys keys = ScramKeys.derive("pencil", salt, 4096);
        Secret secret = new Secret(Argon2Hash.compute("pencil", salt, Fixture.CHEAP), keys);
        assertThat(secret.scramText()).startsWith("SCRAM-SHA-256$4096:").hasSizeLessThan(255);
        Secret again = Secret.parse(secret.argon2id().format(), secret.scramText());
        assertThat(again.scram()).isEqualTo(keys);
        assertThat(again.argon2id().matches(secret.argon2id())).isTrue();
        assertThat(secret.toString()).doesNotContain(secret.argon2id().format().substring(40));
    }

    @Test
    void anAccountsPasswordsShareASaltAndNobodyElseDoes() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            fixture.credentials.set("alice@example.com", "phone", "on the phone");
            fixture.credentials.set("alice@example.com", Credentials.MAIN_LABEL, "another password");
            List<Argon2Hash> alice = hashes(fixture, "alice@example.com");
            assertThat(alice).hasSize(2);
            assertThat(alice.getFirst().sameSaltAndCost(alice.getLast())).isTrue();
            assertThat(alice.getFirst().sameSaltAndCost(hashes(fixture, "bob@example.com").getFirst())).isFalse();
        }
    }

    @Test
    void aSinglePasswordGetsAFreshSalt() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Argon2Hash before = hashes(fixture, "alice@example.com").getFirst();
            fixture.credentials.set("alice@example.com", Credentials.MAIN_LABEL, Fixture.PASSWORD);
            assertThat(hashes(fixture, "alice@example.com").getFirst().sameSaltAndCost(before)).isFalse();
        }
    }

    @Test
    void thePasswordsOfAnAccountAreBounded() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            for (int i = 1; i < Credentials.MAX_PER_ACCOUNT; i++) {
                fixture.credentials.set("alice@example.com", "device " + i, Fixture.PASSWORD);
            }
            AliasesTest.assertRefused(
                    () -> fixture.credentials.set("alice@example.com", "one more", Fixture.PASSWORD), "50 passwords");
            fixture.credentials.set("alice@example.com", "device 1", Fixture.PASSWORD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " phone", "pho\tne", "ph\u0000ne", "x;y"})
    void labelsArePlain(String label) throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AliasesTest.assertRefused(() -> fixture.credentials.set("alice@example.com", label, Fixture.PASSWORD), "label");
        }
    }

    @Test
    void thePolicyCountsCharactersBelowAndOctetsAbove() {
        assertThat(PasswordPolicy.prepare("12345678")).isEqualTo("12345678");
        assertThat(PasswordPolicy.prepare("üüüüüüüü")).hasSize(8);
        assertThat(PasswordPolicy.prepare("p".repeat(1_024))).hasSize(1_024);
        for (String bad : List.of(
                "", "1234567", "ü".repeat(7), "p".repeat(1_025), "ü".repeat(513), "with\u0007bell", "\u00ad".repeat(10))) {
            assertThatThrownBy(() -> PasswordPolicy.prepare(bad)).isInstanceOf(OperatorException.class);
        }
    }

    @Test
    void aSevenLetterPasswordWithInvisibleCharactersIsStillTooShort() {
        AliasesTest.assertRefused(() -> PasswordPolicy.prepare("1234567\u00ad\u00ad"), "shorter than 8");
    }

    @Test
    void randomPasswordsHaveAHundredBitsAndCanBeSet() {
        SecureRandom random = new SecureRandom();
        Set<String> made = new HashSet<>();
        Set<Integer> letters = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String password = RandomPassword.make(random);
            assertThat(password).hasSize(24);
            assertThat(PasswordPolicy.prepare(password)).isEqualTo(password);
            made.add(password);
            password.chars().filter(c -> c != '-').forEach(letters::add);
        }
        assertThat(made).hasSize(1_000);
        assertThat(letters).as("20 of 32 letters each: 100 bits").hasSize(32);
    }

    @Test
    void aHasherThatIsClosedHashesNothing() {
        PasswordHasher hasher = new PasswordHasher(new SecureRandom(), Fixture.CHEAP, 4096);
        hasher.close();
        assertThatThrownBy(() -> hasher.derive("password", Optional.empty())).isInstanceOf(IOException.class);
    }

    private static List<Argon2Hash> hashes(Fixture fixture, String address) throws IOException {
        long id = fixture.accounts.get(address).id();
        return fixture.database.read(c -> CredentialTable.list(c, id).stream()
                .map(stored -> stored.secret().argon2id())
                .toList());
    }
}
