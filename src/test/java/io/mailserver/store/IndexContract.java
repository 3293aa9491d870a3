package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.store.Index.EmailRange;
import io.mailserver.store.Index.EmailRow;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.FileRow;
import io.mailserver.store.Index.FolderMark;
import io.mailserver.store.Index.GoneRow;
import io.mailserver.store.Index.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Index} does. Subclasses say where it is. */
abstract class IndexContract {
    private static final int VALIDITY = 1_800_000_000;

    private Index index;

    /** Opens the index, which keeps what it had. */
    abstract Index open() throws Exception;

    @BeforeEach
    void openIndex() throws Exception {
        index = open();
    }

    @AfterEach
    void closeIndex() throws Exception {
        index.close();
        closeParts();
    }

    /** What the index stood on. */
    abstract void closeParts();

    private void reopen() throws Exception {
        index.close();
        index = open();
    }

    private static MessageChunk chunk(int firstUid, int count) {
        List<MessageChunk.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int uid = firstUid + i;
            long email = uid % 3 == 0 ? -uid : EmailId.of(VALIDITY, uid).number();
            entries.add(new MessageChunk.Entry(uid, i * 7L, 1_795_323_600_000_000L - i, email, 1000 + i, 1_795_323_600 + i * 60));
        }
        return ChunkList.append(List.of(), entries).getFirst();
    }

    @Test
    void aNewIndexIsEmpty() throws Exception {
        assertThat(index.boot()).isEmpty();
        assertThat(index.mailboxes()).isEmpty();
        assertThat(index.chunks(1, VALIDITY)).isEmpty();
        assertThat(index.lastChunk(1, VALIDITY)).isEmpty();
        assertThat(index.file(1, 1)).isEmpty();
    }

    @Test
    void figuresAndBootComeBackAsTheyWere() throws Exception {
        Figures figures = new Figures(
                3, -5, 7, 6, 5, 1L << 40, -2, Long.MAX_VALUE, 9, true, new FolderMark(11, 12), 13);
        index.commit(List.of(new Write.PutFigures(figures), new Write.PutBoot("one")), true);
        reopen();
        assertThat(index.mailboxes()).containsExactly(figures);
        assertThat(index.boot()).contains("one");
    }

    @Test
    void chunksComeBackInTheOrderOfTheirUidsAlsoBeyondTheSignedOnes() throws Exception {
        MessageChunk low = chunk(1, 256);
        MessageChunk high = chunk(Integer.MAX_VALUE - 5, 20);
        index.commit(List.of(new Write.PutChunk(1, VALIDITY, high), new Write.PutChunk(1, VALIDITY, low)), false);
        reopen();
        List<MessageChunk> chunks = index.chunks(1, VALIDITY);
        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0)).usingRecursiveComparison().isEqualTo(low);
        assertThat(chunks.get(1)).usingRecursiveComparison().isEqualTo(high);
        assertThat(index.lastChunk(1, VALIDITY)).get().usingRecursiveComparison().isEqualTo(high);
        index.commit(List.of(new Write.RemoveChunk(1, high.firstUid())), false);
        assertThat(index.chunks(1, VALIDITY)).hasSize(1);
    }

    @Test
    void filesAreFoundByUid() throws Exception {
        index.commit(List.of(
                new Write.PutFile(1, new FileRow(5, 50, "new/a")),
                new Write.PutFile(1, new FileRow(-1, 51, "cur/b")),
                new Write.PutFile(2, new FileRow(5, 52, "cur/c"))), false);
        index.commit(List.of(new Write.PutFile(1, new FileRow(5, 50, "cur/a:2,S"))), false);
        assertThat(index.files(1, UidSet.ALL)).containsExactly(new FileRow(5, 50, "cur/a:2,S"), new FileRow(-1, 51, "cur/b"));
        index.commit(List.of(new Write.RemoveFiles(1, UidSet.of(5))), false);
        assertThat(index.file(1, 5)).isEmpty();
        assertThat(index.file(2, 5)).isPresent();
    }

    @Test
    void anEmailStaysUntilNoMessageShowsIt() throws Exception {
        EmailRow email = new EmailRow(10, 20, new byte[] {1, 2});
        index.commit(List.of(new Write.ShowEmail(email), new Write.ShowEmail(new EmailRow(11, 21, new byte[0]))), false);
        index.commit(List.of(new Write.ShowEmail(new EmailRow(10, 99, new byte[0]))), false);
        index.commit(List.of(new Write.ShowEmail(new EmailRow(10, 99, new byte[0]))), false);
        for (int shown = 3; shown > 0; shown--) {
            assertThat(emails(10, 11)).as("shown by %s", shown).containsKey(10L);
            index.commit(List.of(new Write.HideEmails(List.of(new EmailRange(10, shown == 3 ? 11 : 10)))), false);
        }
        assertThat(emails(10, 11)).isEmpty();
    }

    @Test
    void copiesShowEmailsAgain() throws Exception {
        index.commit(List.of(show(10), show(11), show(12)), false);
        // Two of three are known, then all of two.
        index.commit(List.of(new Write.ShowAgain(List.of(new EmailRange(12, 13), new EmailRange(10, 11)))), false);
        index.commit(List.of(new Write.ShowAgain(List.of(new EmailRange(10, 11)))), false);
        for (int shown = 3; shown > 0; shown--) {
            assertThat(emails(10, 11)).as("shown by %s", shown).containsOnlyKeys(10L, 11L);
            index.commit(List.of(new Write.HideEmails(List.of(new EmailRange(10, 11)))), false);
        }
        assertThat(emails(10, 11, 12, 13)).containsOnlyKeys(12L, 13L);
        index.commit(List.of(new Write.HideEmails(List.of(new EmailRange(12, 13)))), false);
        assertThat(emails(12, 13)).containsOnlyKeys(12L);
        index.commit(List.of(new Write.HideEmails(List.of(new EmailRange(12, 12)))), false);
        assertThat(emails(12)).isEmpty();
    }

    private static Write show(long email) {
        return new Write.ShowEmail(new EmailRow(email, 20, new byte[] {1}));
    }

    @Test
    void emailsAreReadInAnyOrderWithGaps() throws Exception {
        List<Write> writes = new ArrayList<>();
        for (long email = 1; email <= 50; email++) {
            writes.add(new Write.ShowEmail(new EmailRow(email * 2, email, new byte[] {(byte) email})));
        }
        index.commit(writes, false);
        index.commit(List.of(new Write.PutEmail(new EmailRow(4, 77, new byte[] {9}))), false);
        Map<Long, EmailRow> found = emails(100, 4, 5, 6, 8, 10, 1000, 2);
        assertThat(found.keySet()).containsExactlyInAnyOrder(100L, 4L, 6L, 8L, 10L, 2L);
        assertThat(row(found, 4L).thread()).isEqualTo(77);
        assertThat(row(found, 4L).parts()).containsExactly(9);
        assertThat(row(found, 100L).parts()).containsExactly(50);
    }

    private static EmailRow row(Map<Long, EmailRow> rows, long email) {
        return Objects.requireNonNull(rows.get(email));
    }

    private Map<Long, EmailRow> emails(long... numbers) throws StoreException {
        Map<Long, EmailRow> found = new HashMap<>();
        index.emails(numbers, true, (place, email) -> {
            assertThat(email.email()).isEqualTo(numbers[place]);
            found.put(email.email(), email);
        });
        return found;
    }

    @Test
    void expungesAreRemembered() throws Exception {
        UidSet some = new UidSet.Builder().addRange(1, 3).add(9).add(-1).build();
        index.commit(List.of(new Write.Gone(1, 5, UidSet.of(4)), new Write.Gone(1, 6, some), new Write.Gone(2, 7, some)), false);
        assertThat(index.gone(1, 5)).containsExactly(new GoneRow(6, some));
        assertThat(index.gone(1, 0)).hasSize(2);
    }

    @Test
    void whatBelongsToTheNextCommitIsNotThereBeforeIt() throws Exception {
        index.commit(List.of(new Write.PutBoot("old")), false);
        reopen();
        assertThat(index.committed()).isFalse();
        index.withNextCommit(new Write.PutBoot("new"));
        assertThat(index.boot()).contains("old");
        index.commit(List.of(new Write.ForgetGone(1, 1)), false);
        assertThat(index.committed()).isTrue();
        assertThat(index.boot()).contains("new");
        index.commit(List.of(new Write.PutBoot("newest")), false);
        assertThat(index.boot()).contains("newest");
    }

    @Test
    void oldExpungesAreForgotten() throws Exception {
        for (int i = 1; i <= 5; i++) {
            index.commit(List.of(new Write.Gone(1, 10L * i, UidSet.of(i)), new Write.Gone(2, i == 5 ? 1 : 100 + i, UidSet.of(i))), false);
        }
        index.commit(List.of(new Write.Gone(1, 60, UidSet.of(6))), false);
        assertThat(index.surplusGone(5, 2)).isEqualTo(Map.of(1, 40L));
        index.commit(List.of(new Write.ForgetGone(1, 40)), false);
        assertThat(index.surplusGone(5, 2)).isEmpty();
        assertThat(index.gone(1, 0)).extracting(Index.GoneRow::modSeq).containsExactly(50L, 60L);
        assertThat(index.gone(2, 0)).hasSize(5);
    }

    @Test
    void theFirstThreadOfAMessageIdStays() throws Exception {
        index.commit(List.of(new Write.PutMessageIds(Map.of(1L, 10L))), false);
        index.commit(List.of(new Write.PutMessageIds(Map.of(1L, 11L, 2L, 12L))), false);
        assertThat(index.threads(Set.of(1L, 2L, 3L))).isEqualTo(Map.of(1L, 10L, 2L, 12L));
    }

    @Test
    void messageIdsOfThreadsWithoutEmailsAreTrimmed() throws Exception {
        for (long email = 4; email <= 7; email++) {
            index.commit(List.of(new Write.ShowEmail(new EmailRow(email, email == 4 ? 77 : 72 + email, new byte[] {9}))), false);
        }
        index.commit(List.of(new Write.HideEmails(List.of(new EmailRange(7, 7)))), false); // The one of thread 79.
        index.commit(List.of(new Write.PutMessageIds(Map.of(1L, 77L, 2L, 77L, 3L, 78L, -4L, 79L, 5L, 80L))), false);
        assertThat(index.trimMessageIds(5, 10)).isZero();
        assertThat(index.trimMessageIds(4, 1)).isEqualTo(1);
        assertThat(index.trimMessageIds(3, 10)).isEqualTo(1);
        assertThat(index.trimMessageIds(0, 10)).isZero();
        assertThat(index.threads(Set.of(1L, 2L, 3L, -4L, 5L))).isEqualTo(Map.of(1L, 77L, 2L, 77L, 3L, 78L));
    }

    @Test
    void aDroppedMailboxLeavesTheOthers() throws Exception {
        for (int mailbox = 1; mailbox <= 2; mailbox++) {
            index.commit(List.of(
                    new Write.PutChunk(mailbox, VALIDITY, chunk(1, 5)),
                    new Write.PutFile(mailbox, new FileRow(1, 1, "new/a")),
                    new Write.Gone(mailbox, 1, UidSet.of(9))), false);
        }
        index.commit(List.of(new Write.DropMailbox(1)), false);
        assertThat(index.chunks(1, VALIDITY)).isEmpty();
        assertThat(index.files(1, UidSet.ALL)).isEmpty();
        assertThat(index.gone(1, 0)).isEmpty();
        assertThat(index.chunks(2, VALIDITY)).hasSize(1);
        assertThat(index.file(2, 1)).isPresent();
    }

    @Test
    void aChangeIsMadeAsAWholeOrNotAtAll() throws Exception {
        index.commit(List.of(new Write.Gone(1, 5, UidSet.of(4))), false);
        // The same expunge cannot be told twice.
        assertThatThrownBy(() -> index.commit(
                        List.of(new Write.PutBoot("two"), new Write.Gone(1, 5, UidSet.of(4))), false))
                .isInstanceOf(StoreException.class);
        assertThat(index.boot()).isEqualTo(Optional.empty());
    }
}
