package io.mailserver.simulation;

import io.mailserver.base.Content;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a session in tests of the session itself: takes mail for everybody at example.com in memory, and refuses what it
 * was told to refuse. The server's own policy is tested with the server.
 */
public final class PostOffice implements BackOffice {
    /** One accepted message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Stored(Envelope envelope, byte[] octets) {}

    private static final String DELIVERY = "delivery to ";

    private final List<Stored> stored = new CopyOnWriteArrayList<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, Reply> recipientRefusals = new ConcurrentHashMap<>();
    private final Map<String, Outcome> loginOutcomes = new ConcurrentHashMap<>();
    private volatile @Nullable Reply senderRefusal;
    private volatile @Nullable Reply deliveryRefusal;
    private volatile @Nullable RuntimeException bug;

    @Override
    public boolean act(List<String> words) {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "password" -> password(first, words.get(2));
            case "login" -> loginOutcomes.put(first, switch (words.get(2)) {
                case "locked-out" -> new Outcome.LockedOut(Duration.ofMinutes(15));
                case "unavailable" -> new Outcome.Unavailable();
                default -> throw new IllegalArgumentException("unknown outcome " + words.get(2));
            });
            case "refuse-mail" -> senderRefusal = reply(words, 1);
            case "refuse-rcpt" -> recipientRefusals.put(first, reply(words, 2));
            case "refuse-delivery-to" -> recipientRefusals.put(DELIVERY + first, reply(words, 2));
            case "refuse-message" -> deliveryRefusal = reply(words, 1);
            case "bug" -> bug = new IllegalStateException("a bug, by order of the test");
            case "stored" -> {
                if (stored.size() != Integer.parseInt(first)) {
                    throw new AssertionError("stored: " + stored.size());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Reply reply(List<String> words, int from) {
        return Reply.of(
                Integer.parseInt(words.get(from)), words.get(from + 1), String.join(" ", words.subList(from + 2, words.size())));
    }

    @Override
    public byte[] lastStored() {
        if (stored.isEmpty()) {
            throw new AssertionError("nothing was stored");
        }
        return stored.getLast().octets();
    }

    @Override
    public void close() {
        // holds nothing but memory
    }

    /** Everything accepted so far, in order. */
    public List<Stored> stored() {
        return List.copyOf(stored);
    }

    /** Lets this user log in. */
    public void password(String user, String password) {
        passwords.put(user, password);
    }

    @Override
    public Optional<Reply> refuseSender(Envelope envelope) {
        return Optional.ofNullable(senderRefusal);
    }

    @Override
    public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
        Reply told = recipientRefusals.get(recipient.toString());
        if (told != null) {
            return Optional.of(told);
        }
        boolean ours = recipient.host() instanceof Address.Host.None
                || recipient.domain().filter(domain -> domain.ascii().equals("example.com")).isPresent();
        return ours ? Optional.empty() : Optional.of(Reply.of(550, "5.7.1", "Relaying denied"));
    }

    @Override
    public Reply deliver(Envelope envelope, Content content) {
        RuntimeException failure = bug;
        if (failure != null) {
            bug = null;
            throw failure;
        }
        Reply told = deliveryRefusal;
        if (told != null) {
            return told;
        }
        Reply one = recipientRefusals.get(DELIVERY + envelope.recipients().getFirst().address());
        if (one != null) {
            return one;
        }
        try (InputStream octets = content.open()) {
            stored.add(new Stored(envelope, octets.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.of(250, "2.0.0", "Message accepted");
    }

    @Override
    public Outcome verify(String userName, String password, InetAddress client) {
        Outcome told = loginOutcomes.get(userName);
        if (told != null) {
            return told;
        }
        return password.equals(passwords.get(userName)) ? new Outcome.Success(userName) : new Outcome.Rejected();
    }
}
