package io.mailserver.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate by the name the client asks for (RFC 6066 §3): an exact name, else a wildcard of one label, else all, in the
 * order of the configuration. Of several that fit (one ECDSA, one RSA), the first whose kind of key the client can verify.
 *
 * <p>Keys stay decoded in memory: the JDK's own manager over PKCS#12 decrypts its key at every handshake and is ten times slower. The
 * alias of JSSE is the certificate's place in the list. Immutable.
 */
final class CertificatesByName extends X509ExtendedKeyManager {
    /** The ALPN protocol of validation (RFC 8737 §3), and the mark of its aliases. */
    static final String ACME_TLS = "acme-tls/1";

    private final List<ServerCertificate> certificates;
    private final Map<String, ServerCertificate> challenges;
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final List<Integer> all = new ArrayList<>();

    /** @param challenges by name, for whoever validates a name by RFC 8737; may change at any time */
    CertificatesByName(List<ServerCertificate> certificates, Map<String, ServerCertificate> challenges) {
        this.certificates = List.copyOf(certificates);
        this.challenges = challenges;
        for (int i = 0; i < certificates.size(); i++) {
            all.add(i);
            for (String name : certificates.get(i).names()) {
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(i);
            }
        }
    }

    /** The place of the certificate for that name and kind of key; empty where none of the name's has such a key. */
    Optional<Integer> choose(Optional<String> serverName, String keyType) {
        return candidates(serverName).stream()
                .filter(place -> certificates.get(place).keyType().equals(keyType))
                .findFirst();
    }

    private List<Integer> candidates(Optional<String> serverName) {
        if (serverName.isEmpty()) {
            return all;
        }
        String name = serverName.get().toLowerCase(Locale.ROOT);
        List<Integer> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        return dot == -1 ? all : byName.getOrDefault("*" + name.substring(dot), all);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return socket instanceof SSLSocket tls ? alias(keyType, tls.getHandshakeSession()) : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (engine == null) {
            return null;
        }
        if (!ACME_TLS.equals(engine.getHandshakeApplicationProtocol())) {
            return alias(keyType, engine.getHandshakeSession());
        }
        return requestedName(engine.getHandshakeSession())
                .filter(name -> Optional.ofNullable(challenges.get(name)).filter(found -> found.keyType().equals(keyType)).isPresent())
                .map(name -> ACME_TLS + name)
                .orElse(null);
    }

    private @Nullable String alias(String keyType, @Nullable SSLSession session) {
        return choose(requestedName(session), keyType).map(String::valueOf).orElse(null);
    }

    private static Optional<String> requestedName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return Optional.of(host.getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        ServerCertificate found = find(alias);
        return found == null ? null : found.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        ServerCertificate found = find(alias);
        return found == null ? null : found.key();
    }

    private @Nullable ServerCertificate find(@Nullable String alias) {
        if (alias == null) {
            return null;
        }
        return alias.startsWith(ACME_TLS) ? challenges.get(alias.substring(ACME_TLS.length())) : certificates.get(Integer.parseInt(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return all.stream()
                .filter(place -> certificates.get(place).keyType().equals(keyType))
                .map(String::valueOf)
                .toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // this is a server's
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // this is a server's
    }
}
