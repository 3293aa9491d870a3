package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.simulation.ScriptedPeer;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Messages that the next server cannot take as they are. */
class DowngradeTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String EIGHT_BIT = "Subject: hi\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n";
    private static final String OURS = "DKIM-Signature: v=1; d=example.com;\r\n s=a; b=old\r\n";

    @Test
    void eightBitsAreConvertedForAServerWithout8bitmime() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null);
                QueueWorld world = new QueueWorld(peer)) {
            world.send(EIGHT_BIT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages().getFirst())
                    .endsWith("Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n");
            assertThat(peer.commands()).contains("MAIL FROM:<alice@example.com>");
        }
    }

    @Test
    void theyAreLeftToAServerThatTakesThem() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send(EIGHT_BIT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages().getFirst()).contains("Content-Transfer-Encoding: 8bit");
        }
    }

    @Test
    void ourSignatureIsMadeAnew() throws IOException {
        try (ScriptedPeer peer = new ScriptedPeer(null);
                QueueWorld world = new QueueWorld(peer)) {
            world.signature = OURS.replace("old", "new");
            world.send(OURS + EIGHT_BIT, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages().getFirst()).contains("b=new").doesNotContain("b=old").contains("quoted-printable");
        }
    }

    /** What an alias forwards goes by its account too: our signature there would be our word for a stranger. */
    @Test
    void onlyMailOfOurUsersIsSignedAnew() throws IOException {
        Optional<Address> alice = Optional.of(Letters.address("alice@example.com"));
        Optional<Address> rewritten = Optional.of(Letters.address("SRS0=aaaaaaaa=aa=good.example=stranger@example.com"));
        record Case(String account, Optional<Address> sender, boolean signed) {}
        for (Case each : List.of(
                new Case("alice@example.com", alice, true),
                new Case("team@example.com", rewritten, false),
                new Case("team@example.com", Optional.empty(), false),
                new Case("", alice, false))) {
            try (ScriptedPeer peer = new ScriptedPeer(null);
                    QueueWorld world = new QueueWorld(peer)) {
                world.signature = OURS.replace("old", "new");
                world.routes.put("good.example", new Route.Local());
                QueueEnvelope envelope = new QueueEnvelope(
                        "T", each.account(), each.sender(), MailParameters.NONE, Letters.to("bob@example.net").recipients());
                world.send(envelope, OURS + EIGHT_BIT);
                await().atMost(WAIT).until(() -> world.queue.statistics().delivered() + world.queue.statistics().failed() >= 1);
                assertThat(peer.messages()).as("%s", each).hasSize(each.signed() ? 1 : 0);
                assertThat(peer.messages()).as("%s", each).allMatch(text -> text.contains("b=new"));
            }
        }
    }

    @Test
    void whatOthersSignedComesBack() throws IOException {
        for (String sealed : new String[] {
            "DKIM-Signature: v=1; d=other.example; s=a; b=x\r\n" + EIGHT_BIT,
            "ARC-Seal: i=1\r\n" + EIGHT_BIT,
            "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nGr\u00fc\u00dfe\r\n--b--\r\n",
        }) {
            try (ScriptedPeer peer = new ScriptedPeer(null);
                    QueueWorld world = new QueueWorld(peer)) {
                world.signature = OURS;
                world.send(sealed, "bob@example.net");
                await().atMost(WAIT).until(() -> world.local.size() == 1);
                assertThat(world.local.getFirst()).contains("Status: 5.6.3", "8BITMIME");
                assertThat(peer.messages()).isEmpty();
            }
        }
    }

    @Test
    void binaryAndLongLinesGoByBdatOrAreConverted() throws IOException {
        String longLine = "Subject: hi\r\n\r\n" + "x".repeat(2000) + "\r\n";
        try (ScriptedPeer peer = ScriptedPeer.usual();
                QueueWorld world = new QueueWorld(peer)) {
            world.send(longLine, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages().getFirst().lines()).allMatch(line -> line.length() <= 998);
        }
        try (ScriptedPeer peer = new ScriptedPeer(null, "CHUNKING", "BINARYMIME", "8BITMIME");
                QueueWorld world = new QueueWorld(peer)) {
            world.send(longLine, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages().getFirst()).endsWith(longLine);
            assertThat(peer.commands()).contains("MAIL FROM:<alice@example.com> BODY=BINARYMIME");
        }
        String binary = "Subject: hi\r\nMIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\1\2";
        try (ScriptedPeer peer = ScriptedPeer.usual();
                QueueWorld world = new QueueWorld(peer)) {
            QueueEnvelope usual = Letters.to("bob@example.net");
            MailParameters parameters = new MailParameters(
                    OptionalLong.empty(), MailParameters.Body.BINARY_MIME, false, Optional.empty(), Optional.empty(), Optional.empty());
            world.send(new QueueEnvelope("T", usual.account(), usual.reversePath(), parameters, usual.recipients()), binary);
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(peer.messages().getFirst()).endsWith("Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n");
            assertThat(peer.commands()).doesNotContain("(a bare CR or LF)");
        }
    }

    @Test
    void longLinesThatMayNotBeTouchedAreLeftToTheServer() throws IOException {
        String signed = "DKIM-Signature: v=1; d=other.example; s=a; b=x\r\nSubject: hi\r\n\r\n" + "x".repeat(2000) + "\r\n";
        try (QueueWorld world = new QueueWorld()) {
            world.send(signed, "bob@example.net");
            await().atMost(WAIT).until(() -> world.store.messages() == 0);
            assertThat(world.peer.messages().getFirst()).endsWith(signed);
        }
    }

    @Test
    void internationalHeadersComeBackFromAServerWithoutSmtputf8() throws IOException {
        try (QueueWorld world = new QueueWorld()) {
            world.send("Subject: Gr\u00fc\u00dfe\r\n\r\nhello\r\n", "bob@example.net");
            await().atMost(WAIT).until(() -> world.local.size() == 1);
            assertThat(world.local.getFirst()).contains("Status: 5.6.7");
            assertThat(world.peer.messages()).isEmpty();
        }
    }
}
