package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5321 §2.4, §4.5.1; RFC 2142; RFC 5233; RFC 6531. */
class DirectoryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "alice, ALICE", // no regard to case
        "jürgen, JU\u0308RGEN", // decomposed, as macOS types it
        "jürgen, jürgen",
        "οδός, ΟΔΌΣ", // the final sigma has a small form of its own
        "и\u0306ван, ЙВАН",
        "alice, alice+lists",
        "alice, Alice+Lists+more",
    })
    void oneMailboxInAllItsSpellings(String made, String written) throws IOException {
        try (Fixture fixture = Fixture.with(folder, made)) {
            assertThat(fixture.accountsFor(written + "@example.com"))
                    .containsExactly(LocalPart.canonical(made) + "@example.com");
        }
    }

    @Test
    void theExactNameComesBeforeTheDetail() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "alice+shop")) {
            assertThat(fixture.accountsFor("alice+shop@example.com")).containsExactly("alice+shop@example.com");
            assertThat(fixture.accountsFor("alice+other@example.com")).containsExactly("alice@example.com");
        }
    }

    @Test
    void aDetailOfNobodyIsNobody() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.resolve("+alice@example.com")).isInstanceOf(Resolution.UnknownUser.class);
        }
    }

    @Test
    void unknownForeignAndLiteral() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.resolve("bob@example.com")).isInstanceOf(Resolution.UnknownUser.class);
            assertThat(fixture.resolve("alice@example.net")).isInstanceOf(Resolution.NotLocal.class);
            assertThat(fixture.directory.resolve(new Address("alice", new Address.Host.Literal("[192.0.2.1]"))))
                    .isInstanceOf(Resolution.NotLocal.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bücher.example", "BÜCHER.EXAMPLE", "xn--bcher-kva.example"})
    void anInternationalDomainInAllItsSpellings(String written) throws IOException {
        try (Fixture fixture = new Fixture(folder)) {
            fixture.domain("bücher.example");
            fixture.account("leser@bücher.example");
            assertThat(fixture.accountsFor("leser@" + written)).containsExactly("leser@xn--bcher-kva.example");
        }
    }

    @Test
    void postmasterWithoutADomainIsThatOfTheFirst() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "postmaster")) {
            fixture.domain("a.example");
            Resolution found = fixture.directory.resolve(new Address("PostMaster", new Address.Host.None()));
            assertThat(found)
                    .isInstanceOfSatisfying(
                            Resolution.Local.class,
                            local -> assertThat(local.accounts())
                                    .extracting(AccountRef::domain)
                                    .containsExactly(new Domain("example.com")));
        }
    }

    @Test
    void postmasterOnAServerWithoutDomainsIsNotOurs() throws IOException {
        try (Fixture fixture = new Fixture(folder)) {
            assertThat(fixture.directory.resolve(new Address("postmaster", new Address.Host.None())))
                    .isInstanceOf(Resolution.NotLocal.class);
        }
    }

    @Test
    void aDomainIsOursAsLongAsItIs() throws IOException {
        Domain second = new Domain("second.example");
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.directory.isOurs(second)).isFalse();
            fixture.domain("second.example");
            assertThat(fixture.directory.isOurs(second)).isTrue();
            assertThat(fixture.directory.isOurs(second)).as("remembered").isTrue();
            fixture.domains.setEnabled(second, false);
            assertThat(fixture.directory.isOurs(second)).as("disabled").isTrue();
            fixture.domains.remove(second);
            assertThat(fixture.directory.isOurs(second)).as("removed").isFalse();
        }
    }

    @Test
    void aDomainOfOthersIsAskedOnceUntilSomethingChanges() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Domain second = new Domain("second.example");
            assertThat(fixture.directory.resolve(Address.of("bob", second))).isInstanceOf(Resolution.NotLocal.class);
            long asked = fixture.directory.queries();
            assertThat(fixture.directory.resolve(Address.of("carol", second))).isInstanceOf(Resolution.NotLocal.class);
            assertThat(fixture.directory.isOurs(second)).isFalse();
            assertThat(fixture.directory.queries()).isEqualTo(asked);
            fixture.domain("second.example");
            fixture.account("carol@second.example");
            assertThat(fixture.directory.resolve(Address.of("carol", second))).isInstanceOf(Resolution.Local.class);
            assertThat(fixture.directory.resolve(Address.of("bob", second))).isInstanceOf(Resolution.UnknownUser.class);
            fixture.accounts.remove("carol@second.example");
            fixture.domains.remove(second);
            assertThat(fixture.directory.resolve(Address.of("carol", second))).isInstanceOf(Resolution.NotLocal.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postmaster", "abuse", "Abuse+report"})
    void roleAddressesOfEveryDomainReachTheServersPostmaster(String role) throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "postmaster")) {
            fixture.domain("second.example");
            fixture.account("bob@second.example");
            assertThat(fixture.accountsFor(role + "@example.com")).containsExactly("postmaster@example.com");
            assertThat(fixture.accountsFor(role + "@second.example")).containsExactly("postmaster@example.com");
        }
    }

    @Test
    void roleAddressesReachTheFirstAccountWhereThereIsNoPostmaster() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "bob", "alice")) {
            assertThat(fixture.accountsFor("postmaster@example.com")).containsExactly("bob@example.com");
            fixture.accounts.setEnabled("bob@example.com", false);
            assertThat(fixture.accountsFor("abuse@example.com")).containsExactly("alice@example.com");
        }
    }

    @Test
    void aRoleAddressCanBePointedElsewhereAndBack() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "postmaster", "alice")) {
            fixture.aliases.add("abuse@example.com", List.of("alice@example.com"));
            assertThat(fixture.accountsFor("abuse@example.com")).containsExactly("alice@example.com");
            fixture.aliases.remove("abuse@example.com");
            assertThat(fixture.accountsFor("abuse@example.com")).containsExactly("postmaster@example.com");
        }
    }

    @Test
    void aRoleReachedTwiceAddsNobodyElse() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "postmaster")) {
            fixture.domain("second.example");
            fixture.account("bob@second.example");
            fixture.aliases.add("ops@example.com", List.of("postmaster@example.com", "abuse@second.example"));
            assertThat(fixture.accountsFor("ops@example.com")).containsExactly("postmaster@example.com");
        }
    }

    @Test
    void aliasesAreExpandedEachAccountOnce() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob", "carol")) {
            fixture.aliases.add("team@example.com", List.of("alice@example.com", "bob@example.com"));
            fixture.aliases.add("all@example.com", List.of("team@example.com", "bob@example.com", "carol+all@example.com"));
            assertThat(fixture.accountsFor("ALL+x@example.com"))
                    .containsExactly("alice@example.com", "bob@example.com", "carol@example.com");
        }
    }

    @Test
    void anAliasPartlyDisabledGoesToTheOthers() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            fixture.aliases.add("team@example.com", List.of("alice@example.com", "bob@example.com"));
            fixture.accounts.setEnabled("alice@example.com", false);
            assertThat(fixture.accountsFor("team@example.com")).containsExactly("bob@example.com");
            fixture.accounts.setEnabled("bob@example.com", false);
            assertThat(fixture.resolve("team@example.com")).isInstanceOf(Resolution.Disabled.class);
        }
    }

    @Test
    void disabledAccountAliasAndDomain() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.aliases.add("a@example.com", List.of("alice@example.com"));
            fixture.aliases.setEnabled("a@example.com", false);
            assertThat(fixture.resolve("a@example.com")).isInstanceOf(Resolution.Disabled.class);
            fixture.accounts.setEnabled("alice@example.com", false);
            assertThat(fixture.resolve("alice@example.com")).isInstanceOf(Resolution.Disabled.class);
            fixture.accounts.setEnabled("alice@example.com", true);
            fixture.domains.setEnabled(new Domain("example.com"), false);
            assertThat(fixture.resolve("alice@example.com")).isInstanceOf(Resolution.Disabled.class);
        }
    }

    @Test
    void catchAllComesLast() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "bob")) {
            fixture.domains.setCatchAll(new Domain("example.com"), "bob@example.com");
            assertThat(fixture.accountsFor("alice+x@example.com")).containsExactly("alice@example.com");
            assertThat(fixture.accountsFor("abuse@example.com")).containsExactly("alice@example.com");
            assertThat(fixture.accountsFor("whoever@example.com")).containsExactly("bob@example.com");
            fixture.domains.setCatchAll(new Domain("example.com"), null);
            assertThat(fixture.resolve("whoever@example.com")).isInstanceOf(Resolution.UnknownUser.class);
        }
    }

    @Test
    void anAnswerIsNeverOlderThanTheLastChange() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.accountsFor("alice@example.com")).hasSize(1);
            fixture.accounts.setQuota("alice@example.com", new Quota(7, 0));
            assertThat(fixture.resolve("alice@example.com"))
                    .isInstanceOfSatisfying(
                            Resolution.Local.class,
                            local -> assertThat(local.accounts().getFirst().quota().messages()).isEqualTo(7));
            fixture.accounts.remove("alice@example.com");
            assertThat(fixture.resolve("alice@example.com")).isInstanceOf(Resolution.UnknownUser.class);
        }
    }

    @Test
    void anAnswerIsNeverOlderThanTheLastChangeAlsoAmongManyReaders() throws Exception {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            AtomicBoolean done = new AtomicBoolean();
            // Threads of the system: virtual ones that never wait would hold all carriers.
            List<Thread> readers = Stream.generate(() -> Thread.ofPlatform().daemon().unstarted(() -> {
                        while (!done.get()) {
                            fixture.accountsFor("alice@example.com");
                        }
                    }))
                    .limit(4)
                    .toList();
            readers.forEach(Thread::start);
            try {
                for (int i = 0; i < 100; i++) {
                    fixture.accounts.setEnabled("alice@example.com", i % 2 == 0);
                    assertThat(fixture.accountsFor("alice@example.com")).hasSize(i % 2 == 0 ? 1 : 0);
                }
            } finally {
                done.set(true);
            }
            for (Thread reader : readers) {
                reader.join();
            }
        }
    }

    @Test
    void aRememberedAnswerNeedsNoDatabase() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            assertThat(fixture.accountsFor("alice@example.com")).hasSize(1);
            fixture.database.close();
            assertThat(fixture.accountsFor("alice@example.com")).hasSize(1);
            assertThat(fixture.resolve("other@example.com")).isInstanceOf(Resolution.Unavailable.class);
            fixture.log.await("directory.failed");
        }
    }

    @Test
    void anAliasOfTooManyAccountsIsNotCutShort() throws IOException {
        try (Fixture fixture = Fixture.with(folder)) {
            fixture.database.write(c -> {
                MailDomain domain = DomainTable.find(c, new Domain("example.com")).orElseThrow();
                List<Address> many = new ArrayList<>();
                for (int i = 0; i <= Expansion.MAX_ACCOUNTS; i++) {
                    AccountTable.insert(c, domain, "u" + i, "", Quota.NONE, fixture.time.now());
                    many.add(Address.of("u" + i, domain.name()));
                }
                AliasTable.insert(c, domain.id(), "all", many, fixture.time.now());
                return null;
            });
            assertThat(fixture.resolve("all@example.com")).isInstanceOf(Resolution.Unavailable.class);
            fixture.log.await("directory.alias-too-large");
        }
    }
}
