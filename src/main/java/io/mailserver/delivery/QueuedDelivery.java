package io.mailserver.delivery;

import io.mailserver.account.Resolution;
import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.LocalDelivery;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Delivers what the queue holds for our own addresses: notices, mail whose sender wants a receipt, and mail for domains that have become
 * ours. What goes on from there to other servers is durable in the queue before the answer, too.
 *
 * <p>Safe for use by any thread.
 */
final class QueuedDelivery {
    /** RFC 5322 §3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final Parts parts;

    /** What it stands on. */
    record Parts(
            Function<Address, Resolution> directory,
            RoomCheck room,
            AccountStore store,
            Intake.ReportReader reports,
            Optional<Intake.Sending> sending,
            Function<String, String> received,
            IntakeStatistics statistics,
            Time time,
            EventLog log) {}

    /** Whether quotas let a message in. */
    @FunctionalInterface
    interface RoomCheck {
        RecipientFacts.Room room(Resolution resolution, long octets);
    }

    QueuedDelivery(Parts parts) {
        this.parts = parts;
    }

    /** Our Received field for a message that stays in the house. */
    static String received(String hostname, String id, Time time) {
        return "Received: by " + hostname + " id " + id + ";\r\n\t" + DATE.format(time.now().atZone(ZoneOffset.UTC)) + "\r\n";
    }

    /** As {@link LocalDelivery#deliver}. */
    LocalDelivery.Result deliver(QueuedMessage message, int recipient, Content content) {
        Recipient to = message.envelope().recipients().get(recipient);
        Resolution resolution = parts.directory().apply(to.address());
        Decision decision = new RecipientFacts(
                resolution, false, false, message.envelope().reversePath().isEmpty(),
                parts.room().room(resolution, message.octets())).decide();
        if (decision instanceof Decision.Refuse refuse) {
            return LocalDelivery.Result.failed(refuse.reply());
        }
        try {
            if (resolution instanceof Resolution.Reports reported) {
                Optional<String> problem = parts.reports().read(reported.kind(), reported.domain(), content);
                return problem.isPresent() ? LocalDelivery.Result.failed(Intake.noReport(problem.get()))
                        : new LocalDelivery.Result(Reply.of(250, "2.0.0", "The report was read"), Forwarding.receipt(resolution));
            }
            return new LocalDelivery.Result(deliver(message, to, resolution, content), Forwarding.receipt(resolution));
        } catch (AccountStore.AccountGoneException e) {
            return LocalDelivery.Result.failed(MessageFacts.RECIPIENT_CHANGED.reply());
        } catch (IOException e) {
            parts.log().error("store.failed", e, "message", message.id());
            return LocalDelivery.Result.failed(IncomingMessage.cannotStore(e));
        }
    }

    private Reply deliver(QueuedMessage message, Recipient to, Resolution resolution, Content content) throws IOException {
        Departures departures = prepare(message, to, resolution, content);
        boolean done = false;
        try {
            List<Placement> placements = Placement.of(List.of(resolution), Optional.empty());
            int files = placements.isEmpty() ? 0 : store(message, to.address(), resolution, placements, content);
            done = true;
            departures.release(content.size());
            String forwarded = departures.isEmpty() ? "" : ", and on its way to other servers";
            return Reply.of(250, "2.0.0", "Delivered to " + files + (files == 1 ? " mailbox" : " mailboxes") + forwarded);
        } finally {
            if (!done) {
                departures.withdraw();
            }
        }
    }

    private int store(QueuedMessage message, Address address, Resolution resolution, List<Placement> placements, Content content)
            throws IOException {
        String head = "Return-Path: <" + message.envelope().sender() + ">\r\nDelivered-To: " + address + "\r\n";
        List<AccountStore.Target> targets = placements.stream()
                .map(placement -> new AccountStore.Target(
                        new AccountKey(placement.account().domain(), placement.account().localPart()), placement.folder(), head))
                .toList();
        int files = parts.store()
                .deliver(targets, content, parts.time().now(), () -> parts.directory().apply(address).equals(resolution))
                .size();
        parts.statistics().mailboxes.add(files);
        return files;
    }

    private Departures prepare(QueuedMessage message, Recipient to, Resolution resolution, Content content) throws IOException {
        if (parts.sending().isEmpty() || !Forwarding.goesOn(resolution)) {
            return Departures.none(parts.log());
        }
        Intake.Sending sending = parts.sending().get();
        Set<String> deliveredTo;
        try (InputStream octets = content.open()) {
            deliveredTo = DeliveredTo.addressesIn(HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS).header());
        }
        String id = message.envelope().traceId();
        // Signed already when it came into the queue, if it ever was to be.
        Forwarding.Passing passing = new Forwarding.Passing(
                id, false, message.envelope().reversePath(), message.envelope().parameters(), deliveredTo, content, Optional.empty(),
                parts.received().apply(id));
        return Departures.prepare(sending.forwarding().departures(passing, List.of(to), List.of(resolution)), content,
                sending.outbound(), id, parts.log());
    }
}
