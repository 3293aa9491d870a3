package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.MaildirWatch.Touch;
import io.mailserver.store.MaildirWatch.Watching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirWatchTest {
    @TempDir
    private Path disk;

    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final PlatformPool pool = new PlatformPool("files", 1, 10);
    private final RecordingLog log = new RecordingLog();
    private final MaildirWatch watch = new MaildirWatch(time, pool, log, 1);
    private final Queue<Touch> touches = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        watch.close();
        pool.close();
    }

    @Test
    void namesThatComeAndGoAreTold() throws IOException {
        MaildirFolder folder = folder(disk.resolve("a"));
        try (Watching watching = watch.watch(folder, touches::add)) {
            assertThat(watching).isNotNull();
            Files.writeString(folder.tmp().resolve("1.x"), "x");
            Files.move(folder.tmp().resolve("1.x"), folder.fresh().resolve("1.x"), StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> names().contains("1.x"));
            Files.move(folder.fresh().resolve("1.x"), folder.cur().resolve("1.x:2,S"), StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> names().contains("1.x:2,S"));
            assertThat(watch.polledFolders()).isZero();
            assertThat(touches).noneMatch(Touch::unsure);
        }
    }

    @Test
    void foldersBeyondTheLimitAreLookedAt() throws IOException {
        MaildirFolder first = folder(disk.resolve("a"));
        MaildirFolder second = folder(disk.resolve("b"));
        try (Watching one = watch.watch(first, touch -> {}); Watching two = watch.watch(second, touches::add)) {
            assertThat(List.of(one, two)).isNotEmpty();
            assertThat(watch.polledFolders()).isEqualTo(1);
            time.advance(MaildirWatch.POLL);
            assertThat(touches).isEmpty();
            Files.writeString(second.cur().resolve("x:2,"), "x");
            time.advance(MaildirWatch.POLL);
            assertThat(touches).containsExactly(Touch.UNSURE);
            time.advance(MaildirWatch.POLL);
            assertThat(touches).hasSize(1);
        }
        assertThat(watch.polledFolders()).isZero();
    }

    @Test
    void aDiskWithoutNotificationsIsLookedAt() throws IOException {
        MaildirFolder folder = folder(new SimulatedDisk(1).root().resolve("a"));
        try (Watching watching = watch.watch(folder, touches::add)) {
            assertThat(watching).isNotNull();
            Files.writeString(folder.fresh().resolve("1.x"), "x");
            time.advance(MaildirWatch.POLL);
            assertThat(touches).containsExactly(Touch.UNSURE);
        }
    }

    @Test
    void aFolderMovedAwayIsToldAndThenLookedAt() throws IOException {
        MaildirFolder folder = folder(disk.resolve("a"));
        try (Watching watching = watch.watch(folder, touches::add)) {
            assertThat(watching).isNotNull();
            Files.delete(folder.fresh());
            await().until(() -> touches.stream().anyMatch(Touch::unsure));
            await().until(() -> watch.polledFolders() == 1);
        }
    }

    @Test
    void aListenerThatFailsBlindsNobody() throws IOException {
        MaildirFolder folder = folder(disk.resolve("a"));
        try (Watching watching = watch.watch(folder, touch -> {
            touches.add(touch);
            throw new IllegalStateException("bug");
        })) {
            assertThat(watching).isNotNull();
            Files.writeString(folder.fresh().resolve("1.x"), "x");
            await().until(() -> names().contains("1.x"));
            Files.writeString(folder.fresh().resolve("2.x"), "x");
            await().until(() -> names().contains("2.x"));
        }
    }

    @Test
    void afterTheEndNothingIsToldAndTheFolderMayBeWatchedAgain() throws IOException {
        MaildirFolder folder = folder(disk.resolve("a"));
        Watching first = watch.watch(folder, touches::add);
        assertThatThrownBy(() -> watch.watch(folder, touches::add)).isInstanceOf(IllegalStateException.class);
        first.close();
        first.close();
        Queue<Touch> later = new ConcurrentLinkedQueue<>();
        try (Watching second = watch.watch(folder, later::add)) {
            assertThat(second).isNotNull();
            Files.writeString(folder.fresh().resolve("1.x"), "x");
            await().until(() -> !later.isEmpty());
            assertThat(touches).isEmpty();
        }
    }

    private List<String> names() {
        return touches.stream().flatMap(touch -> touch.names().stream()).toList();
    }

    private static MaildirFolder folder(Path path) throws IOException {
        MaildirFolder folder = MaildirFolder.inbox(path);
        for (Path part : List.of(folder.tmp(), folder.fresh(), folder.cur())) {
            Files.createDirectories(part);
        }
        return folder;
    }
}
