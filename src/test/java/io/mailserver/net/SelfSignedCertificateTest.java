package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.simulation.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedCertificateTest {
    private static final List<Domain> NAMES = List.of(new Domain("mail.example.com"), new Domain("example.com"));

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    @Test
    void isAnEcdsaCertificateForAllNamesThatOnlyTheOwnerMayRead() throws Exception {
        Path file = folder.resolve("tls/self-signed.pem");

        CertificateFiles files = SelfSignedCertificate.ensure(file, NAMES, time);

        ServerCertificate certificate = ServerCertificate.load(files);
        assertThat(certificate.names()).containsExactlyInAnyOrder("mail.example.com", "example.com");
        assertThat(certificate.keyType()).isEqualTo("EC");
        assertThat(certificate.selfSigned()).isTrue();
        assertThat(certificate.notAfter()).isAfter(Instant.parse("2035-01-01T00:00:00Z"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        certificate.chain().getFirst().verify(certificate.chain().getFirst().getPublicKey());
    }

    @Test
    void isKeptWhileItCoversTheNames() throws Exception {
        Path file = folder.resolve("self-signed.pem");
        SelfSignedCertificate.ensure(file, NAMES, time);
        byte[] before = Files.readAllBytes(file);

        SelfSignedCertificate.ensure(file, NAMES.subList(1, 2), time);

        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void isMadeAnewForANewNameAndBeforeItExpiresAndWhenDamaged() throws Exception {
        Path file = folder.resolve("self-signed.pem");
        SelfSignedCertificate.ensure(file, NAMES, time);
        Domain added = new Domain("mx.example.com");
        assertThat(ServerCertificate.load(SelfSignedCertificate.ensure(file, List.of(added), time)).names())
                .containsExactly("mx.example.com");

        byte[] old = Files.readAllBytes(file);
        time.advance(Duration.ofDays(3630));
        SelfSignedCertificate.ensure(file, List.of(added), time);
        assertThat(Files.readAllBytes(file)).isNotEqualTo(old);

        Files.writeString(file, "damaged");
        assertThat(ServerCertificate.load(SelfSignedCertificate.ensure(file, NAMES, time)).names()).hasSize(2);
    }

    @Test
    void folderThatCannotBeWrittenIsSaidInOneLine() throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> SelfSignedCertificate.ensure(notAFolder.resolve("x.pem"), NAMES, time))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("cannot write the certificate");
    }
}
