package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.store.AccountKey;
import io.mailserver.store.EmailId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningTest {
    private static final EmailId EMAIL = new EmailId(7);

    @TempDir
    Path folder;

    private final PlatformPool files = new PlatformPool("files", 1, 100);
    private final List<AccountKey> accounts =
            IntStream.range(0, 2 * Learning.MAX_OPEN).mapToObj(n -> new AccountKey(new Domain("example.com"), "user" + n)).toList();
    private Learning learning;

    @BeforeEach
    void open() {
        learning = Learning.open(new Learning.Parts(
                folder, this::folderOf, files, new ManualTime(Instant.parse("2026-11-22T05:00:00Z")), new RecordingLog()));
    }

    @AfterEach
    void close() {
        files.close();
    }

    private Path folderOf(AccountKey account) {
        try {
            return Files.createDirectories(folder.resolve(account.localPart()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void accountsWithoutTrainingAreAskedForOnce() throws IOException {
        for (int round = 0; round < 5; round++) {
            for (AccountKey account : accounts) {
                assertThat(learning.of(account)).isEmpty();
                assertThat(learning.student(account).lessons().of(EMAIL)).isEmpty();
            }
        }
        assertThat(learning.filesAsked()).isEqualTo(accounts.size());
    }

    @Test
    void whatWasLearnedOutlivesBeingPutAside() throws IOException {
        AccountKey account = accounts.getFirst();
        assertThat(learning.of(account)).isEmpty();
        learning.student(account).lessons().put(EMAIL, learning.moved(account, learning.student(account), new Tokens(), true));
        useAllOthers(account);
        assertThat(learning.student(account).lessons().of(EMAIL)).contains(Lessons.Lesson.JUNK_SHARED);
        assertThat(learning.of(account).orElseThrow().statistics().spamMessages()).isEqualTo(1);
    }

    @Test
    void aLessonWithoutTokensOutlivesItToo() throws IOException {
        AccountKey account = accounts.getFirst();
        assertThat(learning.of(account)).isEmpty();
        learning.student(account).lessons().put(EMAIL, Lessons.Lesson.LEAVING);
        useAllOthers(account);
        assertThat(learning.student(account).lessons().of(EMAIL)).contains(Lessons.Lesson.LEAVING);
    }

    private void useAllOthers(AccountKey account) throws IOException {
        for (AccountKey each : accounts) {
            if (!each.equals(account)) {
                learning.student(each);
            }
        }
    }
}
