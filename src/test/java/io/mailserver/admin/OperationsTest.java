package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccessTokens;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationsTest {
    @TempDir
    private Path folder;

    @Test
    void aDomainFromAddToRemove() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            assertThat(server.run("domain.list", "{}").lines()).containsExactly("no domains yet; add one with: domain add example.com");
            ok(server, "domain.add", "{'domain':'Bücher.example'}");
            assertThat(ok(server, "domain.list", "{}").lines()).containsExactly(
                    "DOMAIN                                  STATE    ACCOUNTS  ALIASES  CATCH-ALL",
                    "xn--bcher-kva.example (bücher.example)  enabled  0         0        -");
            ok(server, "account.add", "{'address':'a@bücher.example','password':'correct horse'}");
            assertThat(ok(server, "domain.catch-all", "{'domain':'bücher.example','target':'a@bücher.example'}").lines())
                    .containsExactly(
                            "mail for unknown addresses of xn--bcher-kva.example (bücher.example) goes to a@xn--bcher-kva.example");
            assertThat(ok(server, "domain.show", "{'domain':'bücher.example'}").data().path("accounts").asLong()).isEqualTo(1);
            ok(server, "domain.catch-all", "{'domain':'bücher.example'}");
            assertThat(ok(server, "domain.disable", "{'domain':'bücher.example'}").data().path("enabled").asBoolean()).isFalse();
            ok(server, "domain.enable", "{'domain':'bücher.example'}");
            assertThat(server.run("domain.remove", "{'domain':'bücher.example'}").ok()).isFalse();
            ok(server, "account.remove", "{'address':'a@bücher.example'}");
            ok(server, "domain.remove", "{'domain':'bücher.example'}");
        }
    }

    @Test
    void anAccountFromAddToRemove() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(
                    server,
                    "account.add",
                    "{'address':'Alice@example.com','password':'correct horse','name':'Alice A.','quotaBytes':1073741824}");
            assertThat(ok(server, "account.list", "{}").lines()).containsExactly(
                    "ACCOUNT            STATE    QUOTA  NAME", "alice@example.com  enabled  1 GiB  Alice A.");
            assertThat(ok(server, "account.quota", "{'address':'alice@example.com','messages':10000}").lines())
                    .containsExactly("account:  alice@example.com", "holds:    0 messages, 0 B", "quota:    1 GiB, 10,000 messages");
            assertThat(ok(server, "account.limits", "{'address':'alice@example.com','messages':50,'firstTime':0}").lines())
                    .contains("sent:     in 24 hours 0 of 50 messages, 0 of 5000 recipients, 0 of them for the first time"
                            + " (limits of its own)");
            assertThat(ok(server, "account.limits", "{'address':'alice@example.com','default':true,'recipients':7}").data().toString())
                    .contains("\"messagesPerDay\":2000,\"recipientsPerDay\":7,\"firstTimePerDay\":1000");
            assertThat(ok(server, "account.send-as", "{'address':'alice@example.com','as':'postmaster@example.com'}").lines())
                    .containsExactly("alice@example.com may send as postmaster@example.com now");
            assertThat(ok(server, "account.show", "{'address':'alice@example.com'}").lines())
                    .contains("sends as:  postmaster@example.com");
            ok(server, "account.send-as", "{'address':'alice@example.com','as':'postmaster@example.com','revoke':true}");
            assertThat(ok(server, "account.send-as", "{'address':'alice@example.com'}").lines())
                    .containsExactly("alice@example.com may send as its own addresses");
            ok(server, "account.passwd", "{'address':'alice@example.com','password':'on the phone','label':'phone'}");
            assertThat(login(server, "on the phone")).isInstanceOf(Outcome.Success.class);
            ok(server, "account.disable", "{'address':'alice@example.com'}");
            assertThat(login(server, "on the phone")).isInstanceOf(Outcome.Rejected.class);
            ok(server, "account.enable", "{'address':'alice@example.com'}");
            ok(server, "account.passwd-remove", "{'address':'alice@example.com','label':'phone'}");
            assertThat(login(server, "on the phone")).isInstanceOf(Outcome.Rejected.class);
            ok(server, "account.remove", "{'address':'alice@example.com'}");
            assertThat(ok(server, "account.removed", "{}").lines().getLast()).contains("alice@example.com", "2026-01-09T03:04:05Z");
        }
    }

    @Test
    void mailOfARemovedAccountIsKeptForAWeekAndNeverSeenByTheNext() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            Path maildir = Files.createDirectories(server.folders.maildir(new Domain("example.com"), "alice"));
            Files.writeString(maildir.resolve("message"), "secret");
            Path kept = Path.of(ok(server, "account.remove", "{'address':'alice@example.com'}").data().path("mail").asString());
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            assertThat(maildir).doesNotExist();
            assertThat(kept.resolve("Maildir/message")).hasContent("secret");
        }
    }

    @Test
    void mailOfRemovedAccountsIsDeletedAfterAWeek() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                PlatformPool files = new PlatformPool("purge", 1, 1)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            Files.createDirectories(server.folders.maildir(new Domain("example.com"), "alice"));
            ok(server, "account.remove", "{'address':'alice@example.com'}");
            AccountRemoval removal = new AccountRemoval(server.accounts.accounts(), server.folders, files, server.time);
            server.time.advance(Duration.ofDays(7));
            assertThat(removal.purge()).isEmpty();
            server.time.advance(Duration.ofSeconds(1));
            assertThat(removal.purge()).hasSize(1);
            assertThat(server.accounts.accounts().removed()).isEmpty();
        }
    }

    @Test
    void aRandomPasswordIsShownOnceAndWorks() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            Answer added = ok(server, "account.add", "{'address':'alice@example.com','random':true}");
            String password = added.data().path("password").asString();
            assertThat(password).matches("[0-9a-z]{4}(-[0-9a-z]{4}){4}");
            assertThat(added.lines()).contains("password: " + password + "   (shown only now)");
            assertThat(login(server, password)).isInstanceOf(Outcome.Success.class);
            assertThat(ok(server, "account.show", "{'address':'alice@example.com'}").toString()).doesNotContain(password);
        }
    }

    @Test
    void anAliasFromAddToRemove() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            ok(server, "alias.add", "{'address':'info@example.com','targets':['alice@example.com']}");
            assertThat(ok(server, "alias.list", "{'domain':'example.com'}").lines()).containsExactly(
                    "ALIAS                   STATE      MAIL GOES TO",
                    "abuse@example.com       automatic  alice@example.com",
                    "info@example.com        enabled    alice@example.com",
                    "postmaster@example.com  automatic  alice@example.com");
            ok(server, "alias.set", "{'address':'info@example.com','targets':'alice+info@example.com'}");
            ok(server, "alias.disable", "{'address':'info@example.com'}");
            ok(server, "alias.enable", "{'address':'info@example.com'}");
            assertThat(ok(server, "alias.show", "{'address':'info@example.com'}").data().path("targets").get(0).asString())
                    .isEqualTo("alice+info@example.com");
            ok(server, "alias.remove", "{'address':'info@example.com'}");
            assertThat(server.run("alias.show", "{'address':'info@example.com'}").lines())
                    .containsExactly("there is no alias info@example.com");
        }
    }

    @Test
    void lockedAccountsAndNetworksAreShownAndUnlocked() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            lock(server);
            assertThat(ok(server, "status", "{}").lines()).contains("locked after failed logins:", "  alice@example.com  15 min 0 s");
            assertThat(ok(server, "account.show", "{'address':'alice@example.com'}").data().path("locked").asBoolean()).isTrue();
            assertThat(ok(server, "account.unlock", "{'address':'ALICE@example.com'}").lines())
                    .containsExactly("alice@example.com unlocked");
            assertThat(login(server, "correct horse")).isInstanceOf(Outcome.Success.class);
            assertThat(ok(server, "account.unlock", "{'ip':'2001:db8::1'}").lines().getFirst()).contains("was not locked");
        }
    }

    @Test
    void devicesAreShownAndSignedOut() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'correct horse'}");
            ok(server, "account.add", "{'address':'bob@example.com','password':'battery staple'}");
            assertThat(ok(server, "device.list", "{'address':'alice@example.com'}").lines().getFirst()).contains("signed in nowhere");
            InetAddress client = InetAddress.ofLiteral("192.0.2.7");
            assertThat(server.accounts.accessTokens().signIn("alice@example.com", "correct horse", "Old phone", false, client))
                    .isInstanceOf(AccessTokens.SignIn.Done.class);
            Answer list = ok(server, "device.list", "{'address':'ALICE@example.com'}");
            assertThat(list.lines().getLast()).contains("Old phone", "program", "192.0.2.7");
            long id = list.data().path("devices").get(0).path("id").asLong();
            refused(server, "device.revoke", "{'address':'bob@example.com','id':'" + id + "'}",
                    "bob@example.com is signed in at no device \"" + id + "\"");
            refused(server, "device.revoke", "{'address':'alice@example.com','id':'x'}",
                    "alice@example.com is signed in at no device \"x\"");
            assertThat(ok(server, "device.revoke", "{'address':'alice@example.com','id':'" + id + "'}").lines())
                    .containsExactly("device " + id + " of alice@example.com signed out");
            assertThat(server.accounts.accessTokens().devices(server.accounts.accounts().get("alice@example.com").id())).isEmpty();
            assertThat(ok(server, "device.list", "{'address':'alice@example.com'}").lines().getFirst()).contains("signed in nowhere");
        }
    }

    @Test
    void statusTellsWhatAnOperatorAsks() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            assertThat(ok(server, "status", "{}").lines()).containsExactly(
                    "server:    running, version 0.1.0, process 4711",
                    "up:        1 min 30 s, since 2026-01-02T03:02:35Z",
                    "hostname:  mail.example.com",
                    "data:      " + folder + ", 1 GiB free on its disk",
                    "listeners:",
                    "  NAME          ADDRESS  PORT  CONNECTIONS",
                    "  SMTP inbound  0.0.0.0  25    3",
                    "certificates:",
                    "  NAMES             ENDS                  LEFT  FILE",
                    "  mail.example.com  2026-03-01T00:00:00Z  57 d  - (self-signed)",
                    "look at:",
                    "  the AOT cache was rejected; make it anew");
        }
    }

    @Test
    void tracesAreSwitchedOnAndOff() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "trace.on", "{'ip':'192.0.2.1','seconds':600}");
            assertThat(ok(server, "trace.list", "{}").lines().getLast()).isEqualTo("192.0.2.1  2026-01-02T03:14:05Z");
            ok(server, "trace.off", "{'ip':'192.0.2.1'}");
            assertThat(ok(server, "trace.list", "{}").lines()).containsExactly("nothing is traced");
            refused(server, "trace.on", "{'ip':'localhost','seconds':600}", "\"localhost\" is not an IP address");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nonsense      | {}                                     | there is no operation "nonsense"
            domain.add    | {}                                     | the argument "domain" is missing
            domain.add    | {'domain':7}                           | the argument "domain" is not a text
            domain.add    | {'domain':'a..b'}                      | "a..b" is not a domain name
            domain.add    | {'domian':'example.com'}               | there is no argument "domian" here
            domain.add    | ['example.com']                        | the arguments are not a JSON object
            account.add   | {'address':'x@example.com'}            | a password is needed
            account.add   | {'address':'x','random':true}          | "x" is not an address
            account.add   | {'address':'x@nowhere.example','random':true} | domain nowhere.example is not here
            account.quota | {'address':'x@example.com','bytes':-1} | there is no account x@example.com
            account.add   | {'address':'x@example.com','random':true,'quotaBytes':-1} | the argument "quotaBytes" is not a whole number
            account.unlock| {}                                     | name what to unlock
            reload        | {}                                     | config.yml:3: unknown key
            """)
    void refusalsSayWhatAndWhatToDo(String operation, String arguments, String reason) throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            refused(server, operation, arguments, reason);
        }
    }

    @Test
    void passwordsAreNotLogged() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ok(server, "domain.add", "{'domain':'example.com'}");
            ok(server, "account.add", "{'address':'alice@example.com','password':'hunter2 hunter2'}");
            server.run("account.add", "{'address':'alice@example.com','password':'hunter2 hunter2'}");
            server.run("account.add", "{'adress':'alice@example.com','password':'hunter2 hunter2'}");
            assertThat(server.log.all().toString()).doesNotContain("hunter2");
        }
    }

    private static void lock(TestOperations server) throws IOException {
        for (int i = 0; i < 10; i++) {
            // From a new network each time, so that only the account is locked.
            InetAddress client = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, (byte) i});
            assertThat(server.accounts.authenticator().verify("alice@example.com", "guess " + i, client)).isNotNull();
        }
    }

    private static Answer ok(TestOperations server, String operation, String arguments) {
        Answer answer = server.run(operation, arguments);
        assertThat(answer.ok()).as(answer.toString()).isTrue();
        return answer;
    }

    private static void refused(TestOperations server, String operation, String arguments, String reason) {
        Answer answer = server.run(operation, arguments);
        assertThat(answer.ok()).isFalse();
        assertThat(answer.lines()).hasSize(1);
        assertThat(answer.lines().getFirst()).contains(reason);
        assertThat(answer.hint()).isNotBlank();
    }

    private static Outcome login(TestOperations server, String password) throws IOException {
        return server.accounts.authenticator().verify("alice@example.com", password, InetAddress.getByName("192.0.2.1"));
    }
}
