package io.mailserver.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentSpoolTest {
    private static final int MEMORY_PER_CONTENT = 100_000;
    private static final int MEMORY_IN_ALL = 250_000;

    @TempDir
    private Path folder;

    private final PlatformPool pool = new PlatformPool("files", 2, 100);

    @AfterEach
    void closePool() {
        pool.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 24_576, 99_999, 100_000, 100_001, 131_072, 1_000_000})
    void everyWayOfReadingGivesTheOctetsWritten(int size) throws IOException {
        ContentSpool spool = spool();
        Random random = new Random(size);
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        try (ContentWriter writer = spool.newContent()) {
            for (int at = 0; at < size; ) {
                int piece = Math.min(size - at, 1 + random.nextInt(20_000));
                writer.write(octets, at, piece);
                at += piece;
            }
            assertThat(writer.size()).isEqualTo(size);
            try (Content content = writer.finish()) {
                assertThat(content.size()).isEqualTo(size);
                try (InputStream in = content.open()) {
                    assertThat(in.readAllBytes()).isEqualTo(octets);
                }
                ByteArrayOutputStream plain = new ByteArrayOutputStream();
                content.writeTo(Channels.newChannel(plain));
                assertThat(plain.toByteArray()).isEqualTo(octets);
                assertThat(intoFileWithHead(content)).isEqualTo(concat("head\r\n", octets));
            }
        }
        assertThat(spool.memoryInUse()).isZero();
    }

    @Test
    void bareLineFeedsAreCountedAcrossPieces() throws IOException {
        try (ContentWriter writer = spool().newContent()) {
            for (String piece : new String[] {"\n", "a\r", "\nb\n", "\r\r\n\n", "\r\n"}) {
                byte[] octets = piece.getBytes(StandardCharsets.US_ASCII);
                writer.write(octets, 0, octets.length);
            }
            try (Content content = writer.finish()) {
                assertThat(content.bareLineFeeds()).isEqualTo(3);
            }
        }
    }

    @Test
    void whatOutgrowsItsMemoryGoesToAFileAndGivesTheMemoryBack() throws IOException {
        ContentSpool spool = spool();
        try (ContentWriter writer = spool.newContent()) {
            byte[] piece = new byte[64 << 10];
            int highest = 0;
            for (int i = 0; i < 1024; i++) {
                writer.write(piece, 0, piece.length);
                highest = Math.max(highest, spool.memoryInUse());
            }
            assertThat(highest).isLessThanOrEqualTo(MEMORY_PER_CONTENT);
            try (Content content = writer.finish()) {
                assertThat(content.size()).isEqualTo(64L << 20);
                assertThat(spool.memoryInUse()).isZero();
                assertThat(spool.spooledContents()).isEqualTo(1);
            }
        }
    }

    @Test
    void withoutFreeMemoryASmallMessageGoesToAFile() throws IOException {
        ContentSpool spool = new ContentSpool(folder, pool, MEMORY_PER_CONTENT, 10_000);
        byte[] octets = "Subject: x\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Content first = write(spool, octets);
                Content second = write(spool, octets)) {
            assertThat(spool.spooledContents()).isEqualTo(1);
            try (InputStream a = first.open();
                    InputStream b = second.open()) {
                assertThat(a.readAllBytes()).isEqualTo(octets);
                assertThat(b.readAllBytes()).isEqualTo(octets);
            }
        }
        assertThat(spool.memoryInUse()).isZero();
    }

    @Test
    void spoolFilesLeaveNothingBehindEvenIfNobodyClosesThem() throws IOException {
        ContentSpool spool = spool();
        try (Content open = write(spool, new byte[MEMORY_PER_CONTENT + 1]);
                Stream<Path> files = Files.list(folder)) {
            assertThat(open.size()).isPositive();
            assertThat(files).isEmpty();
        }
    }

    @Test
    void filesOfAnEarlierProcessGoAtTheStart() throws IOException {
        Files.writeString(folder.resolve("7.spool"), "left");
        Files.writeString(folder.resolve("not-ours"), "stays");
        spool();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("not-ours");
        }
    }

    @Test
    void anUnfinishedWriterGivesEverythingBack() throws IOException {
        ContentSpool spool = spool();
        try (ContentWriter writer = spool.newContent()) {
            writer.write(new byte[50_000], 0, 50_000);
        }
        assertThat(spool.memoryInUse()).isZero();
    }

    @Test
    void aClosedContentCannotBeRead() throws IOException {
        Content content = write(spool(), new byte[10]);
        content.close();
        content.close();
        assertThatThrownBy(content::open).isInstanceOf(IOException.class);
    }

    private ContentSpool spool() throws IOException {
        return new ContentSpool(folder, pool, MEMORY_PER_CONTENT, MEMORY_IN_ALL);
    }

    private static Content write(ContentSpool spool, byte[] octets) throws IOException {
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }

    private byte[] intoFileWithHead(Content content) throws IOException {
        Path target = folder.resolve("target");
        try (FileChannel file =
                FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            content.writeTo(file, ByteBuffer.wrap("head\r\n".getBytes(StandardCharsets.US_ASCII)));
        }
        return Files.readAllBytes(target);
    }

    private static byte[] concat(String head, byte[] octets) {
        byte[] headOctets = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(headOctets.length + octets.length).put(headOctets).put(octets).array();
    }
}
