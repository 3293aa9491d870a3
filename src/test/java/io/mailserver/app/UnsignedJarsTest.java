package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsignedJarsTest {
    @TempDir
    Path folder;

    private Path from;
    private Path to;

    @BeforeEach
    void folders() throws IOException {
        from = Files.createDirectory(folder.resolve("from"));
        to = Files.createDirectory(folder.resolve("to"));
    }

    @Test
    void leavesOutTheSignatureAndNothingElse() throws IOException {
        jar("signed.jar", "META-INF/MANIFEST.MF", "META-INF/BC2048.SF", "META-INF/BC2048.RSA", "org/some/A.class", "META-INF/services/X");
        UnsignedJars.copy(from, to);
        try (ZipFile copy = new ZipFile(to.resolve("signed.jar").toFile())) {
            assertThat(copy.stream().map(ZipEntry::getName))
                    .containsExactly("META-INF/MANIFEST.MF", "org/some/A.class", "META-INF/services/X");
            ZipEntry entry = copy.getEntry("org/some/A.class");
            assertThat(copy.getInputStream(entry).readAllBytes()).isEqualTo("org/some/A.class".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void copiesOtherJarsOctetByOctet() throws IOException {
        jar("plain.jar", "META-INF/MANIFEST.MF", "org/some/B.class");
        UnsignedJars.copy(from, to);
        assertThat(to.resolve("plain.jar")).hasSameBinaryContentAs(from.resolve("plain.jar"));
    }

    private void jar(String name, String... entries) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(from.resolve(name)))) {
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
                out.write(entry.getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
    }
}
