package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueStoreTest {
    private static final Instant NOW = SimulatedDisk.START;
    private static final QueueStore.Settings SMALL = new QueueStore.Settings(2048, 600);

    @TempDir
    Path folder;

    private final PlatformPool pool = new PlatformPool("files", 2, 1000);
    private final RecordingLog log = new RecordingLog();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void whatIsCommittedIsThereAfterARestart() throws IOException {
        Map<Long, String> before;
        try (QueueStore store = open(SMALL)) {
            add(store, "hello", "bob@example.net", "carol@example.org");
            add(store, "x".repeat(5000), "dave@example.net");
            before = QueueSnapshot.of(store);
        }
        try (QueueStore store = open(SMALL)) {
            assertThat(QueueSnapshot.of(store)).isEqualTo(before).hasSize(2);
        }
    }

    @Test
    void theHintsSayWhatTheSegmentsSay() throws IOException {
        Map<Long, String> withHints;
        try (QueueStore store = open(SMALL)) {
            QueueScript script = new QueueScript(6);
            for (QueueScript.Step step : script.steps()) {
                QueueScript.run(store, step);
            }
        }
        try (QueueStore store = open(SMALL)) {
            withHints = QueueSnapshot.of(store);
        }
        int hints = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + Hint.SUFFIX)) {
            for (Path file : files) {
                Files.delete(file);
                hints++;
            }
        }
        assertThat(hints).isGreaterThan(2);
        try (QueueStore store = open(SMALL)) {
            assertThat(QueueSnapshot.of(store)).isEqualTo(withHints);
        }
    }

    @Test
    void damageInsideIsReportedAndTheRestIsThere() throws IOException {
        try (QueueStore store = open(SMALL)) {
            for (int i = 0; i < 3; i++) {
                add(store, "message " + i + " ".repeat(200), "bob@example.net");
            }
        }
        Path segment = Segment.file(folder, 1);
        byte[] octets = Files.readAllBytes(segment);
        int inTheMiddle = Segment.HEADER_OCTETS + (octets.length - Segment.HEADER_OCTETS) / 2;
        octets[inTheMiddle] ^= 1;
        Files.write(segment, octets);
        Files.delete(Hint.file(folder, 1));
        try (QueueStore store = open(SMALL)) {
            assertThat(QueueSnapshot.of(store)).containsOnlyKeys(1L, 3L);
            assertThat(log.events("queue.damaged")).hasSize(1);
        }
    }

    @Test
    void aTornEndIsDroppedSilently() throws IOException {
        try (QueueStore store = open(SMALL)) {
            add(store, "first", "bob@example.net");
            add(store, "second", "bob@example.net");
        }
        Path segment = Segment.file(folder, 1);
        byte[] octets = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(octets, octets.length - 1));
        try (QueueStore store = open(SMALL)) {
            assertThat(QueueSnapshot.of(store)).containsOnlyKeys(1L);
            assertThat(log.events("queue.damaged")).isEmpty();
        }
    }

    @Test
    void damagedOctetsOfAMessageAreNotGivenOut() throws IOException {
        try (QueueStore store = open(QueueStore.Settings.DEFAULT)) {
            QueueId id = add(store, "z".repeat(300), "bob@example.net");
            Path segment = Segment.file(folder, 1);
            byte[] octets = Files.readAllBytes(segment);
            octets[octets.length - 5] ^= 1;
            Files.write(segment, octets);
            assertThat(store.read(id)).isPresent();
            assertThatThrownBy(() -> store.content(id)).isInstanceOf(DamagedRecordException.class);
        }
    }

    @Test
    void manyThreadsShareFlushes() throws Exception {
        try (QueueStore store = open(QueueStore.Settings.DEFAULT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<QueueId>> added = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                added.add(threads.submit(() -> add(store, "hello", "bob@example.net")));
            }
            TreeSet<QueueId> ids = new TreeSet<>();
            for (Future<QueueId> each : added) {
                ids.add(each.get());
            }
            assertThat(ids).hasSize(200);
            assertThat(store.messages()).isEqualTo(200);
        }
        try (QueueStore store = open(QueueStore.Settings.DEFAULT)) {
            assertThat(store.messages()).isEqualTo(200);
        }
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        open(SMALL).close();
        Files.writeString(folder.resolve("format"), "mailserver queue format 4 salt 00000000\n");
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(OperatorException.class);
    }

    @Test
    void theFormatBeforeIsReadAsItIs() throws IOException {
        Map<Long, String> before;
        try (QueueStore store = open(SMALL)) {
            add(store, "hello", "bob@example.net", "carol@example.org");
            before = QueueSnapshot.of(store);
        }
        Path format = folder.resolve("format");
        String older = Files.readString(format).replace("format 3", "format 1");
        Files.writeString(format, older);
        for (int start = 0; start < 2; start++) {
            try (QueueStore store = open(SMALL)) {
                assertThat(QueueSnapshot.of(store)).isEqualTo(before);
            }
        }
        assertThat(format).hasContent(older.replace("format 1", "format 3"));
        assertThat(folder.resolve("format.1")).hasContent(older);
    }

    @Test
    void wishesForTheHandlingSurviveRestartsAndCleaning() throws IOException {
        Instant release = NOW.plusSeconds(86_400);
        for (Handling.Tls tls : Handling.Tls.values()) {
            QueueEnvelope later = Letters.later(release, "bob@example.net");
            MailParameters parameters = later.parameters().with(later.parameters().handling().with(tls));
            QueueEnvelope envelope =
                    new QueueEnvelope(later.traceId(), later.account(), later.reversePath(), parameters, later.recipients());
            byte[] octets = Detail.encode(new Detail.Stored(envelope, 7, List.of("x")));
            assertThat(Detail.stored(octets)).isEqualTo(new Detail.Stored(envelope, 7, List.of("x")));
            QueueEnvelope urgent = new QueueEnvelope(later.traceId(), later.account(), later.reversePath(),
                    parameters.with(parameters.handling().with(-9).with(DeliverBy.at(release, true, true))), later.recipients());
            assertThat(Detail.stored(Detail.encode(new Detail.Stored(urgent, 7, List.of("x")))).envelope()).isEqualTo(urgent);
        }
        QueueId id;
        try (QueueStore store = open(SMALL)) {
            id = store.nextId();
            QueueEnvelope later = Letters.later(release, "bob@example.net");
            QueueEnvelope envelope = new QueueEnvelope(later.traceId(), later.account(), later.reversePath(),
                    later.parameters().with(later.parameters().handling().with(5).with(DeliverBy.at(release.plusSeconds(9), true, false))),
                    later.recipients());
            store.commit(List.of(new Change.Add(id, NOW, release, envelope, Letters.HEAD, Letters.content("later"))));
            for (int i = 0; i < 60; i++) {
                store.commit(List.of(new Change.Delete(add(store, "x".repeat(400), "bob@example.net"))));
            }
            assertThat(store.segmentsCleaned()).isPositive();
        }
        try (QueueStore store = open(SMALL)) {
            assertThat(store.read(id).orElseThrow().begun()).isEqualTo(release);
            assertThat(store.index().ordered().getFirst().slots()[0].awaitsRelease(NOW.getEpochSecond())).isTrue();
            assertThat(store.index().ordered().getFirst().priority).isEqualTo((byte) 5);
            assertThat(store.index().ordered().getFirst().deadline()).isEqualTo(release.getEpochSecond() + 9);
            assertThat(store.index().ordered().getFirst().isReturnedLate()).isTrue();
            assertThat(store.index().ordered().getFirst().slots()[0].awaitsRelease(release.getEpochSecond())).isFalse();
        }
    }

    @Test
    void queueIdsReadAsTheyAreWritten() {
        assertThat(QueueId.parse(new QueueId(46_655).toString())).contains(new QueueId(46_655));
        assertThat(new QueueId(46_655)).hasToString("QZZZ");
        assertThat(QueueId.parse("q1")).contains(new QueueId(1));
        assertThat(QueueId.parse("Q0")).isEmpty();
        assertThat(QueueId.parse("Q")).isEmpty();
        assertThat(QueueId.parse("Q-1")).isEmpty();
        assertThat(QueueId.parse("1")).isEmpty();
    }

    private QueueStore open(QueueStore.Settings settings) throws IOException {
        return QueueStore.open(folder, pool, settings, () -> 7, log);
    }

    private static QueueId add(QueueStore store, String text, String... recipients) throws IOException {
        QueueId id = store.nextId();
        store.commit(List.of(new Change.Add(id, NOW, NOW, Letters.to(recipients), Letters.HEAD, Letters.content(text))));
        return id;
    }
}
