package io.mailserver.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP port on Jetty: counts its connections with those of the mail listeners, lets only configured proxies in where there are any,
 * and does TLS with the certificates of the moment.
 */
final class HttpConnector extends ServerConnector {
    private static final int MAX_STREAMS = 100;

    private final HttpListenerSpec spec;
    private final ConnectionLimits limits;
    private final RefusalLog refusals;

    private HttpConnector(
            Server server, HttpListenerSpec spec, ConnectionLimits limits, RefusalLog refusals, List<ConnectionFactory> factories) {
        super(server, 1, 1, factories.toArray(ConnectionFactory[]::new));
        this.spec = spec;
        this.limits = limits;
        this.refusals = refusals;
        spec.address().ifPresent(address -> setHost(address.getHostAddress()));
        setPort(spec.port());
        spec.tls().ifPresent(tls -> addBean(new HandshakeCount(tls)));
    }

    /** Not open yet. */
    static HttpConnector of(
            Server server, HttpListenerSpec spec, HttpConfiguration configuration, ConnectionLimits limits, RefusalLog refusals) {
        if (!spec.forwarders().isEmpty()) {
            configuration.addCustomizer(new ForwardedClient(spec.forwarders()));
        }
        HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
        List<ConnectionFactory> factories = spec.tls().map(tls -> overTls(tls, configuration, http1)).orElse(List.of(http1));
        if (!spec.proxies().isEmpty()) {
            List<ConnectionFactory> behindProxy = new ArrayList<>(factories);
            behindProxy.addFirst(new ProxyHeaderFirst(factories.getFirst().getProtocol()));
            factories = behindProxy;
        }
        return new HttpConnector(server, spec, limits, refusals, factories);
    }

    private static List<ConnectionFactory> overTls(ServerTls tls, HttpConfiguration configuration, HttpConnectionFactory http1) {
        // Which name goes with which certificate is the client's to judge: without SNI, or for an unknown name, it gets the first.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
        http2.setMaxConcurrentStreams(MAX_STREAMS);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory(
                http2.getProtocol(), HttpVersion.HTTP_1_1.asString(), CertificatesByName.ACME_TLS);
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        return List.of(new SslConnectionFactory(new CurrentTls(tls), alpn.getProtocol()), alpn, http2, http1);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
        InetAddress address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        boolean counted = spec.proxies().isEmpty();
        Optional<String> refusal = counted
                ? limits.enter(address).map(Refusal::toString)
                : spec.proxies().stream().anyMatch(network -> network.contains(address))
                        ? Optional.empty()
                        : Optional.of("not one of the proxies of this listener");
        SocketChannelEndPoint endPoint = new CountedEndPoint(channel, selector, key, counted && refusal.isEmpty() ? address : null);
        if (refusal.isPresent()) {
            refusals.refused(address, refusal.get());
            channel.close();
        } else {
            endPoint.setIdleTimeout(getIdleTimeout());
        }
        return endPoint;
    }

    /** Counts itself out once. */
    private final class CountedEndPoint extends SocketChannelEndPoint {
        private final @Nullable InetAddress address;
        private final AtomicBoolean left = new AtomicBoolean();

        CountedEndPoint(
                SocketChannel channel,
                ManagedSelector selector,
                SelectionKey key,
                @Nullable InetAddress address) {
            super(channel, selector, key, HttpConnector.this.getScheduler());
            this.address = address;
        }

        @Override
        public void onClose(Throwable cause) {
            super.onClose(cause);
            if (address != null && left.compareAndSet(false, true)) {
                limits.leave(address);
            }
        }
    }

    /** The PROXY header, without which a connection is closed. */
    private static final class ProxyHeaderFirst extends ProxyConnectionFactory {
        ProxyHeaderFirst(String next) {
            super(next);
        }

        @Override
        protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer begin) {
            endPoint.close();
        }
    }

    /** A handshake sees the certificates of its beginning. */
    private static final class CurrentTls extends SslContextFactory.Server {
        private final ServerTls tls;

        CurrentTls(ServerTls tls) {
            this.tls = tls;
            setSslContext(tls.context()); // else Jetty would make one of its own
        }

        @Override
        public SSLContext getSslContext() {
            return tls.context();
        }

        @Override
        public void customize(SSLEngine engine) {
            engine.setSSLParameters(tls.parameters());
        }
    }

    private record HandshakeCount(ServerTls tls) implements SslHandshakeListener {
        @Override
        public void handshakeSucceeded(Event event) {
            tls.count(true);
        }

        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            tls.count(false);
        }
    }
}
