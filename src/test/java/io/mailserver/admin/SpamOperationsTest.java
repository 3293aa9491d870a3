package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.SenderLists;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SpamOperationsTest {
    @TempDir
    Path data;

    private TestOperations world;

    @BeforeEach
    void open() throws IOException {
        world = new TestOperations(data);
        ok("domain.add", "{'domain': 'example.com'}");
        ok("account.add", "{'address': 'alice@example.com', 'password': 'a long secret'}");
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Test
    void learning() {
        Tokens tokens = new Tokens();
        tokens.text("body", "some words about nothing");
        String encoded = Base64.getEncoder().encodeToString(tokens.encode());
        ok("spam.learn", "{'spam': true, 'tokens': '" + encoded + "'}");
        ok("spam.learn", "{'tokens': '" + encoded + "'}");
        assertThat(ok("spam.stats", "{}").lines().toString()).contains("learned as junk:       1 message,")
                .contains("learned as wanted:     1 message,").contains("20 messages of each kind");
        assertThat(refused("spam.learn", "{'tokens': 'AAA='}").lines().getFirst()).contains("tokens are none");
        assertThat(refused("spam.learn", "{'tokens': '', 'account': 'nobody@example.com'}").ok()).isFalse();
    }

    @Test
    void weighing() {
        Tokens junk = new Tokens();
        junk.text("body", "pills");
        Tokens letter = new Tokens();
        letter.text("body", "garden");
        String encoded = Base64.getEncoder().encodeToString(junk.encode());
        assertThat(ok("spam.weigh", "{'tokens': '" + encoded + "'}").lines()).as("too little was learned").isEmpty();
        for (int i = 0; i < BayesClassifier.MIN_MESSAGES; i++) {
            ok("spam.learn", "{'spam': true, 'tokens': '" + encoded + "'}");
            ok("spam.learn", "{'tokens': '" + Base64.getEncoder().encodeToString(letter.encode()) + "'}");
        }
        JsonNode first = ok("spam.weigh", "{'tokens': '" + encoded + "'}").data().path("tokens").path(0);
        assertThat(first.path("token").asString()).isEqualTo(Long.toHexString(junk.hashes()[0]));
        assertThat(first.path("spam").asInt()).isEqualTo(20);
        assertThat(first.path("ham").asInt()).isZero();
        assertThat(first.path("probability").asDouble()).isGreaterThan(0.9);
        assertThat(ok("spam.weigh", "{'tokens': '" + encoded + "', 'account': 'alice@example.com'}").lines()).isNotEmpty();
        assertThat(refused("spam.weigh", "{'tokens': 'AAA='}").lines().getFirst()).contains("tokens are none");
    }

    @Test
    void lists() {
        ok("spam.allow", "{'senders': ['friend.example']}");
        ok("spam.block", "{'senders': ['*@bad.example', 'x@y.example'], 'for': 'alice@example.com'}");
        assertThat(ok("spam.lists", "{}").lines()).hasSize(4);
        assertThat(ok("spam.lists", "{'for': 'alice@example.com'}").data()).hasSize(2);
        assertThat(refused("spam.allow", "{'senders': ['a b']}").lines().getFirst()).contains("is no sender");
        assertThat(refused("spam.allow", "{'senders': ['a'], 'for': 'other.example'}").lines().getFirst())
                .contains("no domain of this server");
        ok("spam.unlist", "{'senders': ['friend.example']}");
        assertThat(refused("spam.unlist", "{'senders': ['friend.example']}").lines().getFirst()).contains("is not listed");
        ok("account.remove", "{'address': 'alice@example.com'}");
        assertThat(ok("spam.lists", "{}").lines()).containsExactly("nobody is listed");
    }

    @Test
    void limits() throws IOException {
        assertThat(ok("spam.set", "{'for': 'alice@example.com', 'junk': 7, 'keepJunkDays': 0}").lines())
                .containsExactly("junk: 7", "reject: as configured", "keep-junk-days: 0");
        assertThat(world.accounts.senderLists().setting("alice@example.com", SenderLists.Setting.JUNK)).hasValue(7);
        assertThat(refused("spam.set", "{'for': 'example.com', 'junk': 0}").lines().getFirst()).contains("out of range");
        assertThat(ok("spam.set", "{'for': 'alice@example.com', 'reset': true}").lines().getFirst())
                .isEqualTo("junk: as configured");
        assertThat(refused("spam.set", "{}").ok()).isFalse();
    }

    @Test
    void release() throws IOException {
        assertThat(refused("spam.release", "{'address': 'alice@example.com'}").lines().getFirst()).contains("is not held");
        world.accounts.senderMemory().hold("alice@example.com", "a test");
        assertThat(ok("spam.stats", "{}").lines().getLast()).contains("held: alice@example.com since").endsWith("a test");
        assertThat(ok("spam.release", "{'address': 'alice@example.com'}").lines().getFirst())
                .isEqualTo("alice@example.com may send again; 0 recipients of its mail released");
        assertThat(world.accounts.senderMemory().held()).isEmpty();
    }

    private Answer ok(String operation, String arguments) {
        Answer answer = world.run(operation, arguments);
        assertThat(answer.ok()).as(answer.lines().toString()).isTrue();
        return answer;
    }

    private Answer refused(String operation, String arguments) {
        Answer answer = world.run(operation, arguments);
        assertThat(answer.ok()).as(answer.lines().toString()).isFalse();
        return answer;
    }
}
