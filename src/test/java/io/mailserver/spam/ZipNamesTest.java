package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ZipNamesTest {
    private static final int FLAGS = 6;

    @Test
    void namesInArchivesInArchives() throws IOException {
        byte[] inner = zip("invoice.pdf.exe", new byte[] {'M', 'Z'});
        assertThat(list(zip("inner.zip", inner)).names()).containsExactly("inner.zip", "invoice.pdf.exe");
        assertThat(list(zip("outer.zip", zip("inner.zip", inner))).names()).containsExactly("outer.zip", "inner.zip", "invoice.pdf.exe");
    }

    @Test
    void whatNeedsAPasswordStillShowsItsNames() throws IOException {
        byte[] locked = stored("photo.scr", "secret".getBytes(StandardCharsets.US_ASCII));
        locked[FLAGS] |= 1;
        ZipNames.Listing listing = list(locked);
        assertThat(listing.encrypted()).isTrue();
        assertThat(listing.names()).containsExactly("photo.scr");
        assertThat(list(zip("a.zip", locked))).isEqualTo(new ZipNames.Listing(List.of("a.zip"), true));
    }

    @Test
    void aBombIsOpenedOnlySoFar() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < 100; i++) {
                zip.putNextEntry(new ZipEntry("zeros" + i));
                zip.write(new byte[1 << 20]);
            }
        }
        ZipNames names = new ZipNames();
        assertThat(names.list(new ByteArrayInputStream(out.toByteArray()), out.toByteArray()).names()).hasSizeLessThan(12);
        assertThat(names.list(new ByteArrayInputStream(out.toByteArray()), out.toByteArray()).names())
                .as("the second archive of the same message").isEmpty();
    }

    @Test
    void brokenAndCutArchives() throws IOException {
        byte[] whole = zip("a.exe", new byte[5_000]);
        for (int length = 30; length < whole.length; length += 7) {
            list(Arrays.copyOf(whole, length));
            byte[] locked = Arrays.copyOf(whole, length);
            locked[FLAGS] |= 1;
            list(locked);
        }
    }

    private static ZipNames.Listing list(byte[] archive) throws IOException {
        return new ZipNames().list(new ByteArrayInputStream(archive), archive);
    }

    private static byte[] zip(String name, byte[] octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(octets);
        }
        return out.toByteArray();
    }

    private static byte[] stored(String name, byte[] octets) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(octets);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(octets.length);
        entry.setCrc(crc.getValue());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry);
            zip.write(octets);
        }
        return out.toByteArray();
    }
}
