package io.mailserver.dns;

import io.mailserver.dns.ResolverSettings.NameServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;

/**
 * Several resolvers as one, in dnsjava's terms, so that its validator can stand on top: UDP with EDNS, TCP for what is truncated (dnsjava
 * does that), one without EDNS for servers that refuse it (RFC 6891 §6.2.2), two rounds through all, starting with the one that
 * answered last. When nobody has answered several questions in a row, as on a machine without a network, the next ones wait only shortly
 * until somebody does: a message asks a dozen, and mail must not wait for all of them.
 */
final class NameServers implements org.xbill.DNS.Resolver {
    private static final int ROUNDS = 2;
    /** What passes without fragments nearly everywhere (DNS flag day 2020). */
    private static final int UDP_PAYLOAD_OCTETS = 1_232;

    private static final int SILENT_AFTER = 4;
    private static final int SHORT_SHARE = 4;

    private final List<NameServer> servers;
    private final Duration attempt;
    private final int ednsFlags;
    private final AtomicInteger preferred = new AtomicInteger();
    /** How many questions in a row got no answer at all. */
    private final AtomicInteger unanswered = new AtomicInteger();

    /**
     * @param signatures whether to ask for the records of DNSSEC (RFC 3225); the AD bit of servers then counts for nothing
     */
    NameServers(List<NameServer> servers, Duration attempt, boolean signatures) {
        this.servers = servers;
        this.attempt = attempt;
        this.ednsFlags = signatures ? ExtendedFlags.DO : 0;
    }

    /**
     * Asks until one answers. An answer that says that it could not be found out (SERVFAIL, REFUSED …) is returned only when no
     * server has a better one.
     *
     * @throws SocketTimeoutException when none answered
     * @throws IOException when none could be reached
     */
    @Override
    public Message send(Message query) throws IOException {
        Message failure = null;
        IOException trouble = null;
        int first = preferred.get();
        boolean silent = unanswered.get() >= SILENT_AFTER;
        Duration patience = silent ? attempt.dividedBy(SHORT_SHARE) : attempt;
        for (int round = 0; round < (silent ? 1 : ROUNDS); round++) {
            for (int i = 0; i < servers.size(); i++) {
                int index = (first + i) % servers.size();
                try {
                    Message response = ask(servers.get(index), patience.multipliedBy(round + 1L), query);
                    unanswered.set(0);
                    if (isAnswer(response)) {
                        preferred.set(index);
                        return response;
                    }
                    failure = response;
                } catch (IOException e) {
                    trouble = prefer(trouble, e);
                }
            }
            if (failure != null) {
                return failure; // Asking all of them again at once would find the same.
            }
        }
        unanswered.incrementAndGet();
        throw trouble == null ? new IOException("no DNS server") : trouble;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return send(query);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, executor);
    }

    private Message ask(NameServer server, Duration timeout, Message query) throws IOException {
        Message response = exchange(server, timeout, query, true);
        int rcode = response.getRcode();
        if ((rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP) && response.getOPT() == null) {
            response = exchange(server, timeout, query, false);
        }
        if (!server.trusted() || ednsFlags != 0) {
            response.getHeader().unsetFlag(Flags.AD);
        }
        return response;
    }

    private Message exchange(NameServer server, Duration timeout, Message query, boolean edns) throws IOException {
        SimpleResolver transport = new SimpleResolver(server.address());
        transport.setTimeout(timeout);
        Message copy = query.clone();
        if (edns) {
            transport.setEDNS(0, UDP_PAYLOAD_OCTETS, ednsFlags, List.of());
        } else {
            transport.setEDNS(-1, 0, 0, List.of());
            copy.removeAllRecords(Section.ADDITIONAL);
        }
        try {
            return transport.send(copy);
        } catch (IOException e) {
            throw describe(server, e);
        }
    }

    private static IOException describe(NameServer server, IOException e) {
        boolean timeout = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            timeout |= cause instanceof SocketTimeoutException || cause instanceof TimeoutException;
        }
        if (timeout) {
            SocketTimeoutException timedOut = new SocketTimeoutException("no answer from " + server.address());
            timedOut.initCause(e);
            return timedOut;
        }
        return new IOException("asking " + server.address() + " failed: " + e.getMessage(), e);
    }

    /** What one server refused says more than that another was silent. */
    private static IOException prefer(@Nullable IOException first, IOException second) {
        return first == null || first instanceof SocketTimeoutException ? second : first;
    }

    private static boolean isAnswer(Message response) {
        return response.getRcode() == Rcode.NOERROR || response.getRcode() == Rcode.NXDOMAIN;
    }

    // What dnsjava's interface has beyond asking: fixed here, so its validator's wishes (DO, no truncation) are met already.

    @Override
    public void setPort(int port) {
        throw new UnsupportedOperationException("each server has its port");
    }

    @Override
    public void setTCP(boolean flag) {
        throw new UnsupportedOperationException("UDP first, TCP when truncated");
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        if (flag) {
            throw new UnsupportedOperationException("truncated answers are asked for again over TCP");
        }
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        if ((flags & ~ednsFlags) != 0) {
            throw new UnsupportedOperationException("the flags are fixed");
        }
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw new UnsupportedOperationException("questions are not signed");
    }

    @Override
    public void setTimeout(Duration timeout) {
        throw new UnsupportedOperationException("the timeout is fixed");
    }

    @Override
    public Duration getTimeout() {
        return attempt.multipliedBy(ROUNDS * (ROUNDS + 1L) / 2 * servers.size());
    }
}
