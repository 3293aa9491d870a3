package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.queue.QueueId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueOperationsTest {
    @TempDir
    Path data;

    private TestOperations server;

    @BeforeEach
    void open() throws IOException {
        server = new TestOperations(data);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void listSaysWhyEachWaits() throws IOException {
        QueueId id = server.queued("bob@example.net");
        Answer answer = server.run("queue.list", "{}");
        assertThat(answer.ok()).isTrue();
        assertThat(String.join("\n", answer.lines()))
                .contains(id.toString(), "<alice@example.com>", "bob@example.net", "goes as soon as there is a connection");
        assertThat(answer.data().get(0).path("recipient").asString()).isEqualTo("bob@example.net");
    }

    @Test
    void filtersChooseBySenderRecipientDestinationStatusAndAge() throws IOException {
        server.queued("bob@example.net");
        server.queued("carol@example.org");
        assertThat(server.run("queue.list", "{'destination': 'example.org'}").data().size()).isEqualTo(1);
        assertThat(server.run("queue.list", "{'recipient': 'BOB@'}").data().size()).isEqualTo(1);
        assertThat(server.run("queue.list", "{'sender': 'alice'}").data().size()).isEqualTo(2);
        assertThat(server.run("queue.list", "{'status': 'held'}").data().size()).isZero();
        assertThat(server.run("queue.list", "{'olderSeconds': 60}").data().size()).isZero();
        assertThat(server.run("queue.list", "{'count': 1}").lines()).contains("and 1 more; --count shows more of them");
    }

    @Test
    void aPausedDestinationSaysSo() throws IOException {
        server.queued("bob@example.net");
        assertThat(server.run("queue.pause", "{'destination': 'Example.NET'}").lines())
                .containsExactly("nothing is sent to example.net until queue resume example.net");
        assertThat(server.run("queue.pause", "{'destination': 'example.net'}").lines()).containsExactly("example.net is paused already");
        assertThat(String.join("\n", server.run("queue.list", "{}").lines()))
                .contains("example.net is paused, until queue resume example.net");
        assertThat(server.run("queue.stats", "{}").lines()).contains("paused: example.net");
        assertThat(server.run("queue.resume", "{'destination': 'example.net'}").lines()).containsExactly("example.net goes on");
        assertThat(server.run("queue.resume", "{'destination': '*'}").lines()).containsExactly("every destination was not paused");
        assertThat(server.run("queue.pause", "{'destination': 'no domain'}").ok()).isFalse();
    }

    @Test
    void holdAndReleaseAndRetry() throws IOException {
        QueueId id = server.queued("bob@example.net");
        assertThat(server.run("queue.hold", "{'ids': ['" + id + "']}").lines()).containsExactly("1 recipient held");
        assertThat(server.run("queue.stats", "{}").data().path("held").asInt()).isEqualTo(1);
        assertThat(server.run("queue.release", "{'all': true}").lines()).containsExactly("1 recipient released");
        assertThat(server.run("queue.flush", "{}").lines()).containsExactly("1 recipient tried again now");
    }

    @Test
    void bounceTellsTheSenderAndKeepsACopy() throws IOException {
        QueueId id = server.queued("bob@example.net");
        assertThat(server.run("queue.bounce", "{'ids': ['" + id + "'], 'reason': 'no such customer'}").ok()).isTrue();
        assertThat(server.run("queue.dead.list", "{}").data().get(0).path("lastReply").asString()).isEqualTo("no such customer");
        assertThat(server.run("queue.list", "{'recipient': 'alice@example.com'}").data().size()).as("the notice").isEqualTo(1);
        assertThat(server.run("queue.dead.requeue", "{'all': true}").lines()).containsExactly("1 recipient queued again");
        assertThat(server.run("queue.dead.list", "{}").data().size()).isZero();
    }

    @Test
    void showGivesRecipientsAndHeader() throws IOException {
        QueueId id = server.queued("bob@example.net");
        assertThat(server.run("queue.show", "{'id': '" + id + "'}").lines())
                .contains("to bob@example.net: goes as soon as there is a connection", "Subject: hi");
        assertThat(server.run("queue.show", "{'id': 'QZZ'}").ok()).isFalse();
        assertThat(server.run("queue.show", "{'id': 'nonsense'}").ok()).isFalse();
    }

    @Test
    void nothingIsDeletedByLeavingAWordOut() throws IOException {
        server.queued("bob@example.net");
        assertThat(server.run("queue.delete", "{}").ok()).isFalse();
        assertThat(server.run("queue.delete", "{'ids': []}").ok()).isFalse();
        assertThat(server.run("queue.delete", "{'all': true}").lines()).containsExactly("1 recipient deleted");
        assertThat(server.run("queue.list", "{}").lines()).containsExactly("nothing is queued");
    }
}
