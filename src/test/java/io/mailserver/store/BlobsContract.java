package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Content;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirName.ImapNumber;
import io.mailserver.maildir.MaildirWriter.Numbering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Blobs} does. Subclasses say where the octets are, and cut the power. */
abstract class BlobsContract {
    private static final Blobs.Place INBOX = new Blobs.Place(StoreWorld.ALICE, FolderName.INBOX);
    private static final Blobs.Place OTHER = new Blobs.Place(StoreWorld.ALICE, new FolderName(List.of("other")));
    private static final String TEXT = "Subject: x\r\n\r\nx\r\n";

    private Blobs blobs;

    /** The octets as they are now, after a power cut if this is not the first call. */
    abstract Blobs open() throws IOException;

    abstract Content content(String text) throws IOException;

    abstract void closeParts();

    @BeforeEach
    void openBlobs() throws IOException {
        blobs = open();
    }

    @AfterEach
    void close() {
        closeParts();
    }

    private String write(Blobs.Place place, int uid, String flags) throws IOException {
        try (Content content = content(TEXT)) {
            Numbering numbering = () -> Optional.of(new ImapNumber(7, uid));
            Path file = blobs.write(List.of(new Blobs.NewBlob(
                            content,
                            Instant.ofEpochSecond(9),
                            List.of(new Blobs.NewFile(place, "Head: 1\r\n", MaildirFlags.of(flags), numbering)))))
                    .getFirst();
            return (flags.isEmpty() ? "new/" : "cur/") + file.getFileName();
        }
    }

    private String read(Blobs.Place place, String file) throws IOException {
        try (MessageContent content = blobs.open(place, file, TEXT.length() + 9)) {
            return new String(content.open(0, content.size()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatIsWrittenSurvivesAPowerCut() throws IOException {
        String file = write(INBOX, 1, "");
        String seen = write(INBOX, 2, "S");
        blobs = open();
        assertThat(read(INBOX, file)).isEqualTo("Head: 1\r\n" + TEXT);
        assertThat(read(INBOX, seen)).isEqualTo("Head: 1\r\n" + TEXT);
        assertThat(seen).contains(",I=7-2:2,S");
    }

    @Test
    void copiesSurviveAPowerCutAndTheOriginal() throws IOException {
        String file = write(INBOX, 1, "");
        List<Optional<String>> copies = blobs.copy(
                INBOX,
                List.of(
                        new Blobs.CopyOf(file, MaildirFlags.of("F"), () -> Optional.of(new ImapNumber(8, 1))),
                        new Blobs.CopyOf("cur/gone.host", MaildirFlags.NONE, () -> Optional.of(new ImapNumber(8, 2)))),
                OTHER.folder());
        assertThat(copies.get(1)).isEmpty();
        assertThat(blobs.remove(INBOX, List.of(file))).containsExactly(true);
        blobs = open();
        assertThat(read(OTHER, copies.getFirst().orElseThrow())).isEqualTo("Head: 1\r\n" + TEXT);
        assertThat(copies.getFirst().orElseThrow()).contains(",I=8-1:2,F");
    }

    @Test
    void whatIsRemovedDoesNotComeBack() throws IOException {
        String file = write(INBOX, 1, "S");
        assertThat(blobs.remove(INBOX, List.of(file, "new/never.host"))).containsExactly(true, false);
        blobs = open();
        assertThatThrownBy(() -> read(INBOX, file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void severalAreOpenedTogether() throws IOException {
        String first = write(INBOX, 1, "");
        String second = write(INBOX, 2, "S");
        int size = TEXT.length() + 9;
        List<Optional<MessageContent>> opened = blobs.open(
                INBOX,
                List.of(new Blobs.Known(first, size), new Blobs.Known("cur/gone.host", size), new Blobs.Known(second, size)));
        blobs.remove(INBOX, List.of(first));
        assertThat(opened).extracting(Optional::isPresent).containsExactly(true, false, true);
        for (int i = 0; i < 3; i += 2) {
            try (MessageContent content = opened.get(i).orElseThrow()) {
                assertThat(new String(content.open(0, size).readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("Head: 1\r\n" + TEXT);
            }
        }
    }

    @Test
    void openContentOutlivesItsFile() throws IOException {
        String file = write(INBOX, 1, "");
        try (MessageContent content = blobs.open(INBOX, file, TEXT.length() + 9)) {
            blobs.remove(INBOX, List.of(file));
            byte[] octets = new byte[4];
            assertThat(content.read(0, octets, 0, 4)).isEqualTo(4);
            assertThat(octets).containsExactly('H', 'e', 'a', 'd');
        }
    }

    @Test
    void foldersAreMadeRenamedAndRemoved() throws IOException {
        blobs.create(OTHER);
        String file = write(OTHER, 1, "");
        FolderName name = new FolderName(List.of("new", "name"));
        blobs.rename(OTHER, name);
        Blobs.Place renamed = new Blobs.Place(StoreWorld.ALICE, name);
        assertThat(read(renamed, file)).endsWith(TEXT);
        // Done already.
        blobs.rename(OTHER, name);
        blobs.remove(renamed);
        blobs.remove(renamed);
        blobs = open();
        assertThatThrownBy(() -> read(renamed, file)).isInstanceOf(NoSuchFileException.class);
    }
}
