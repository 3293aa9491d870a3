package io.mailserver.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.ImapCommand.UidBatches;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UidBatchesCommandTest {
    /** What is left of 50 messages. */
    private static final int[] UIDS =
            IntStream.rangeClosed(1, 50).filter(uid -> uid != 1 && (uid < 14 || uid > 17) && uid != 41 && uid != 43 && uid != 45).toArray();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "50 | 1 | 99 | 50:1",
        "42 | 1 | 99 | 50:1",
        "41 | 1 | 99 | 50:3,2:1",
        "25 | 1 | 99 | 50:23,22:1",
        "10 | 1 | 99 | 50:38,37:28,27:18,13:4,3:1",
        "10 | 1 | 1 | 50:38",
        "10 | 2 | 3 | 37:28,27:18",
        "10 | 5 | 6 | 3:1",
        "10 | 6 | 6 | ''",
        "9223372036854775807 | 1 | 1 | 50:1",
    })
    void theNewestComeFirst(long size, long first, long last, String expected) {
        assertThat(UIDS).hasSize(42);
        assertThat(UidBatchesCommand.batches(UIDS.length, index -> UIDS[index], new UidBatches(size, first, last))).isEqualTo(expected);
    }

    @Test
    void anEmptyMailboxHasNone() {
        assertThat(UidBatchesCommand.batches(0, index -> 1, new UidBatches(500, 1, Long.MAX_VALUE))).isEmpty();
    }

    @Test
    void uidsAreUnsigned() {
        assertThat(UidBatchesCommand.batches(2, index -> index - 2, new UidBatches(1, 1, 9)))
                .isEqualTo("4294967295:4294967295,4294967294:1");
    }
}
