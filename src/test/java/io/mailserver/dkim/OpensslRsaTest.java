package io.mailserver.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpensslRsaTest {
    private static final byte[] DATA = "v=1; a=rsa-sha256".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(ints = {1024, 1025, 2048, 3072})
    void itsOctetsAreTheJdks(int bits) throws Exception {
        KeyPair pair = pair("RSA", bits);
        byte[] signature = openssl().sign(pair.getPrivate(), DATA).orElseThrow();
        assertThat(signature).isEqualTo(SigningAlgorithm.RSA_SHA256.signByJdk(pair.getPrivate(), DATA));
        assertThat(SigningAlgorithm.RSA_SHA256.verify(pair.getPublic(), DATA, signature)).isTrue();
    }

    @Test
    void emptyAndLargeDataAreSignedToo() throws Exception {
        for (int length : new int[] {0, 1, 1 << 20}) {
            byte[] data = new byte[length];
            assertThat(openssl().sign(SignedMail.RSA.getPrivate(), data))
                    .hasValue(SigningAlgorithm.RSA_SHA256.signByJdk(SignedMail.RSA.getPrivate(), data));
        }
    }

    @Test
    void oneKeyServesManyThreads() throws Exception {
        OpensslRsa openssl = openssl();
        byte[] expected = SigningAlgorithm.RSA_SHA256.signByJdk(SignedMail.RSA.getPrivate(), DATA);
        Callable<byte[]> signing = () -> openssl.sign(SignedMail.RSA.getPrivate(), DATA).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> all = IntStream.range(0, 200).mapToObj(_ -> threads.submit(signing)).toList();
            for (Future<byte[]> each : all) {
                assertThat(each.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void keysOfOtherKindsAreLeftToTheJdk() throws Exception {
        assertThat(openssl().sign(pair("EC", 256).getPrivate(), DATA)).isEmpty();
        assertThat(openssl().sign(new BrokenKey(), DATA)).isEmpty();
    }

    @Test
    void aSystemWithoutTheLibraryHasNone() {
        assertThat(OpensslRsa.load("libcrypto.so.none")).isEmpty();
        assertThat(OpensslRsa.load("libc.so.6")).isEmpty(); // A library, but not this one.
    }

    private static OpensslRsa openssl() {
        assumeTrue(OpensslRsa.system().isPresent(), "no OpenSSL 3 (apt install libssl3)");
        return OpensslRsa.system().orElseThrow();
    }

    private static KeyPair pair(String algorithm, int bits) throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** Says that it is an RSA key. */
    private record BrokenKey() implements PrivateKey {
        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return "PKCS#8";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[] {0x30, 0x03, 0x02, 0x01, 0x00};
        }
    }
}
