package io.mailserver.app;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.QueueConfig;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.queue.Courier;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.Outcomes;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueStore;
import io.mailserver.queue.Route;
import io.mailserver.queue.TlsResults;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.ReceivedField;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpclient.ClientTls;
import io.mailserver.smtpclient.Timeouts;
import io.mailserver.smtpclient.TlsPolicy;
import io.mailserver.smtpserver.MessageDelivery;
import io.mailserver.smtpserver.RecipientPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes mail of those who log in, keeps it in a queue, and hands it all to one server. Closed by whoever started it. Safe for use by any
 * thread.
 */
final class MiniRelay implements RecipientPolicy, MessageDelivery, PasswordVerifier, AutoCloseable {
    private static final int MAX_USERS = 10_000;

    private final Map<String, byte[]> passwords;
    private final QueueStore store;
    private final MailQueue queue;
    private final String hostname;
    private final Time time;
    private final EventLog log;

    private MiniRelay(Map<String, byte[]> passwords, QueueStore store, MailQueue queue, String hostname, Time time, EventLog log) {
        this.passwords = passwords;
        this.store = store;
        this.queue = queue;
        this.hostname = hostname;
        this.time = time;
        this.log = log;
    }

    /**
     * @param users a file with lines {@code name:password}
     * @param relay host:port that gets everything
     * @param folder of the queue
     */
    record Options(Path users, String relay, Path folder) {}

    static MiniRelay start(
            Options options, String hostname, Resolver resolver, PlatformPool files, SecureRandom random, Time time, EventLog log)
            throws IOException {
        Domain name = Domain.parse(hostname)
                .orElseThrow(() -> new OperatorException("not a host name: " + hostname, "write --host mail.example.com"));
        int colon = options.relay().lastIndexOf(':');
        if (colon < 1 || !options.relay().substring(colon + 1).matches("\\d{1,5}")) {
            throw new OperatorException("not a host and a port: " + options.relay(), "write --relay mail.example.net:25");
        }
        Route.Host route = new Route.Host(
                options.relay().substring(0, colon), Integer.parseInt(options.relay().substring(colon + 1)), false, false,
                new TlsPolicy.Opportunistic(), Optional.empty());
        Map<String, byte[]> passwords = users(options.users());
        QueueStore store = QueueStore.open(options.folder(), files, QueueStore.Settings.DEFAULT, random::nextInt, log);
        QueueConfig defaults = QueueConfig.defaults();
        Courier.Sources sources = Courier.Sources.any(resolver, time);
        Courier courier = new Courier(
                resolver, new ClientTls(null), Courier.Security.USUAL, TlsResults.NONE,
                () -> new Courier.Settings(
                        name, sources, route.port(), route.tls(), Timeouts.RFC_5321, defaults.messagesPerConnection()),
                random, time);
        MailQueue queue = MailQueue.start(new MailQueue.Parts(
                store, courier, destination -> route,
                (message, recipient, content) -> LocalDelivery.Result.failed(Reply.of(451, "4.3.0", "No mailboxes here")),
                account -> false,
                message -> message, Outcomes.NONE, hostname,
                () -> new MailQueue.Settings(
                        Sending.schedule(defaults), defaults.connections(), defaults.connectionsPerDestination(), Map.of()),
                random, time, log));
        return new MiniRelay(passwords, store, queue, hostname, time, log);
    }

    private static Map<String, byte[]> users(Path file) throws IOException {
        Map<String, byte[]> passwords = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            int colon = line.indexOf(':');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (colon < 1 || colon == line.length() - 1 || passwords.size() == MAX_USERS) {
                throw new OperatorException(file + " has a line that is not name:password", "write one user a line");
            }
            passwords.put(line.substring(0, colon), line.substring(colon + 1).getBytes(StandardCharsets.UTF_8));
        }
        if (passwords.isEmpty()) {
            throw new OperatorException(file + " names nobody", "write lines like alice:her password");
        }
        return passwords;
    }

    @Override
    public Outcome verify(String user, String password, InetAddress client) {
        byte[] given = password.getBytes(StandardCharsets.UTF_8);
        byte[] wanted = passwords.get(user);
        // The same work for a user that does not exist.
        boolean right = MessageDigest.isEqual(wanted == null ? new byte[given.length + 1] : wanted, given);
        return right && wanted != null ? new Outcome.Success(user) : new Outcome.Rejected();
    }

    @Override
    public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
        return envelope.client().authenticated().isPresent()
                ? Optional.empty()
                : Optional.of(Reply.of(530, "5.7.0", "Log in first"));
    }

    @Override
    public Reply deliver(Envelope envelope, Content content) {
        Instant now = time.now();
        String head = ReceivedField.format(envelope, hostname, now.atZone(ZoneOffset.UTC), false);
        try {
            MailQueue.Accepted accepted = queue.accept(
                    QueueEnvelope.of(envelope, envelope.recipients()), head.getBytes(StandardCharsets.UTF_8), content, now);
            accepted.release();
            return Reply.of(250, "2.0.0", "Message queued: " + accepted.id());
        } catch (IOException e) {
            log.error("store.failed", e, "message", envelope.messageId());
            return IncomingMessage.cannotStore(e);
        }
    }

    @Override
    public void close() {
        queue.close();
        store.close();
    }
}
