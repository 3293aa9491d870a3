package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelBindingTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothEndsComputeTheSame(String protocol) throws Exception {
        ServerTls tls = ServerTls.load(
                List.of(TestCertificates.write(folder, "one", TestCertificates.ec(), "mail.example.com")), ServerTls.Oldest.TLS_1_2);
        try (SystemTime time = new SystemTime();
                SocketPair pair = SocketPair.open();
                SSLSocket client = (SSLSocket)
                        TestCertificates.trustingClient().getSocketFactory().createSocket(pair.client(), "localhost", 993, true);
                Connection connection = Connection.over(pair.server(), new Reaper(time))) {
            client.setSSLParameters(new SSLParameters(null, new String[] {protocol}));
            FutureTask<Connection> server = new FutureTask<>(() -> {
                connection.startTls(tls);
                return connection;
            });
            Thread.ofVirtual().start(server);
            client.startHandshake();
            Connection secured = server.get(20, TimeUnit.SECONDS);

            assertThat(client.getSession()).isInstanceOf(ExtendedSSLSession.class);
            byte[] exported = client.getSession() instanceof ExtendedSSLSession session
                    ? session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32)
                    : new byte[0];
            assertThat(secured.channelBinding("tls-exporter")).hasValue(exported);
            byte[] certificate = client.getSession().getPeerCertificates()[0].getEncoded();
            assertThat(secured.channelBinding("tls-server-end-point"))
                    .hasValue(MessageDigest.getInstance("SHA-256").digest(certificate));
            assertThat(secured.channelBinding("tls-unique")).isEmpty();
        }
    }

    @Test
    void thereIsNoneInPlaintext() throws Exception {
        try (SystemTime time = new SystemTime();
                SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), new Reaper(time))) {
            assertThat(connection.channelBinding("tls-exporter")).isEmpty();
        }
    }
}
