package io.mailserver.simulation;

import io.mailserver.base.Content;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpserver.MessageDelivery;
import io.mailserver.smtpserver.RecipientPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
public final class PostOffice implements RecipientPolicy, MessageDelivery, PasswordVerifier {
    /** One accepted message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Stored(Envelope envelope, byte[] octets) {}

    private final List<Stored> stored = new CopyOnWriteArrayList<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, Reply> recipientRefusals = new ConcurrentHashMap<>();
    private final Map<String, Outcome> loginOutcomes = new ConcurrentHashMap<>();
    private volatile @Nullable Reply senderRefusal;
    private volatile @Nullable Reply deliveryRefusal;
    private volatile @Nullable RuntimeException bug;

    /** Everything accepted so far, in order. */
    public List<Stored> stored() {
        return List.copyOf(stored);
    }

    /** Lets this user log in. */
    public void password(String user, String password) {
        passwords.put(user, password);
    }

    /** What logging in as this user comes to, whatever the password. */
    public void login(String user, Outcome outcome) {
        loginOutcomes.put(user, outcome);
    }

    /** Refuses every MAIL from now on; null: none. */
    public void refuseSenders(@Nullable Reply reply) {
        senderRefusal = reply;
    }

    /** Refuses this recipient from now on. */
    public void refuseRecipient(String address, Reply reply) {
        recipientRefusals.put(address, reply);
    }

    /** Refuses every message from now on; null: none. */
    public void refuseMessages(@Nullable Reply reply) {
        deliveryRefusal = reply;
    }

    /** Throws this at the next delivery, as a bug would. */
    public void failWith(RuntimeException failure) {
        bug = failure;
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
        Reply one = recipientRefusals.get("deliver " + envelope.recipients().getFirst().address());
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
