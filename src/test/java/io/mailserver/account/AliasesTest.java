package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasesTest {
    @TempDir
    private Path folder;

    @Test
    void targetsThatNobodyHasAreRefused() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertRefused(
                    () -> fixture.aliases.add("x@example.com", List.of("alcie@example.com")),
                    "nobody here has the address alcie@example.com");
        }
    }

    @Test
    void aLoopIsRefusedAndNamed() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.aliases.add("a@example.com", List.of("alice@example.com"));
            fixture.aliases.add("b@example.com", List.of("a@example.com"));
            fixture.aliases.add("c@example.com", List.of("b@example.com"));
            assertRefused(
                    () -> fixture.aliases.setTargets("a@example.com", List.of("alice@example.com", "C+x@example.com")),
                    "a@example.com -> c+x@example.com -> b@example.com -> a@example.com");
            assertThat(fixture.accountsFor("a@example.com")).containsExactly("alice@example.com");
        }
    }

    @Test
    void anAliasOfItselfIsALoop() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            assertRefused(
                    () -> fixture.aliases.add("a@example.com", List.of("A@example.com")),
                    "a@example.com -> a@example.com");
        }
    }

    @Test
    void aLoopThroughRoleAddressesIsRefused() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.domain("second.example");
            fixture.aliases.add("postmaster@example.com", List.of("alice@example.com"));
            assertRefused(
                    () -> fixture.aliases.setTargets("postmaster@example.com", List.of("abuse@second.example")), "loop");
        }
    }

    @Test
    void aCatchAllOfNobodyIsRefused() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertRefused(() -> fixture.domains.setCatchAll(new Domain("example.com"), "nobody@example.com"), "nobody here");
            assertRefused(() -> fixture.domains.setCatchAll(new Domain("example.com"), "x@example.net"), "not an address");
        }
    }

    @Test
    void aLoopMadeByARemovalEnds() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            fixture.domains.setCatchAll(new Domain("example.com"), "bob@example.com");
            fixture.database.write(c -> {
                MailDomain domain = DomainTable.find(c, new Domain("example.com")).orElseThrow();
                DomainTable.setCatchAll(c, domain, Address.of("nobody", domain.name()));
                return null;
            });
            assertThat(fixture.resolve("x@example.com")).isInstanceOf(Resolution.UnknownUser.class);
        }
    }

    @Test
    void tooManyAliasesInARowAreRefused() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "a0")) {
            for (int i = 1; i <= Expansion.MAX_DEPTH; i++) {
                fixture.aliases.add("a" + i + "@example.com", List.of("a" + (i - 1) + "@example.com"));
            }
            assertThat(fixture.accountsFor("a" + Expansion.MAX_DEPTH + "@example.com")).containsExactly("a0@example.com");
            assertRefused(
                    () -> fixture.aliases.add("end@example.com", List.of("a" + Expansion.MAX_DEPTH + "@example.com")),
                    "aliases in a row");
        }
    }

    @Test
    void tooManyTargetsAreRefused() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            List<String> many = IntStream.rangeClosed(0, Aliases.MAX_TARGETS)
                    .mapToObj(i -> "alice+" + i + "@example.com")
                    .toList();
            assertRefused(() -> fixture.aliases.add("x@example.com", many), "101 targets");
        }
    }

    @Test
    void anAddressIsAnAccountOrAnAlias() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            assertRefused(() -> fixture.aliases.add("Alice@example.com", List.of("bob@example.com")), "is an account");
            fixture.aliases.add("x@example.com", List.of("bob@example.com"));
            assertRefused(() -> fixture.account("X@example.com"), "is an alias");
            assertRefused(() -> fixture.aliases.add("x@example.com", List.of("alice@example.com")), "is here already");
        }
    }

    @Test
    void roleAddressesAreListedAndCannotGo() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.aliases.list())
                    .extracting(alias -> alias.address() + " " + alias.targets() + " " + alias.automatic())
                    .containsExactly(
                            "abuse@example.com [alice@example.com] true", "postmaster@example.com [alice@example.com] true");
            assertRefused(() -> fixture.aliases.remove("abuse@example.com"), "cannot be removed");
            assertRefused(() -> fixture.aliases.setEnabled("postmaster@example.com", false), "cannot be disabled");
        }
    }

    @Test
    void theOnlyTargetOfAnAliasCannotGo() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            fixture.aliases.add("x@example.com", List.of("alice+x@example.com", "alice@example.com"));
            assertRefused(() -> fixture.accounts.remove("alice@example.com"), "only target of alias x@example.com");
            fixture.aliases.setTargets("x@example.com", List.of("alice+x@example.com", "bob@example.com"));
            assertThat(fixture.accounts.remove("alice@example.com")).extracting(Address::toString).containsExactly("x@example.com");
            assertThat(fixture.accountsFor("x@example.com")).containsExactly("bob@example.com");
        }
    }

    @Test
    void theCatchAllOfADomainCannotGo() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.domains.setCatchAll(new Domain("example.com"), "alice@example.com");
            assertRefused(() -> fixture.accounts.remove("alice@example.com"), "catch-all of domain example.com");
        }
    }

    static void assertRefused(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(OperatorException.class, e -> assertThat(e.hint()).isNotBlank())
                .hasMessageContaining(reason);
    }
}
