package io.mailserver.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Who asks, behind an HTTP proxy that the configuration names: the last address in {@code X-Forwarded-For} that is not such a proxy's own
 * (what stands before it is the client's word and no more), and whether the client spoke TLS by {@code X-Forwarded-Proto}. From everybody
 * else both fields mean nothing.
 */
final class ForwardedClient implements HttpConfiguration.Customizer {
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";

    private final List<Network> forwarders;

    ForwardedClient(List<Network> forwarders) {
        this.forwarders = forwarders;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
        if (!(peer instanceof InetSocketAddress internet) || !trusted(internet.getAddress())) {
            return request;
        }
        InetSocketAddress client = client(request.getHeaders().getCSV(FOR, false))
                .map(address -> new InetSocketAddress(address, 0))
                .orElse(internet);
        boolean secure = request.isSecure() || "https".equalsIgnoreCase(request.getHeaders().get(PROTO));
        return new Forwarded(request, client, secure);
    }

    private Optional<InetAddress> client(List<String> addresses) {
        for (String text : addresses.reversed()) {
            Optional<InetAddress> address = Network.parseAddress(text.strip());
            if (address.isEmpty() || !trusted(address.get())) {
                return address;
            }
        }
        return Optional.empty();
    }

    private boolean trusted(InetAddress address) {
        return forwarders.stream().anyMatch(network -> network.contains(address));
    }

    private static final class Forwarded extends Request.Wrapper {
        private final ConnectionMetaData connection;
        private final HttpURI uri;
        private final boolean secure;

        Forwarded(Request request, InetSocketAddress client, boolean secure) {
            super(request);
            this.secure = secure;
            this.uri = HttpURI.build(request.getHttpURI()).scheme(secure ? HttpScheme.HTTPS : HttpScheme.HTTP).asImmutable();
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return client;
                }

                @Override
                public boolean isSecure() {
                    return secure;
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }
    }
}
