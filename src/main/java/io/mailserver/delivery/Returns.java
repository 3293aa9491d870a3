package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Resolution;
import io.mailserver.account.ReturnedMail;
import io.mailserver.account.Suppressions;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dsn.StatusReport;
import io.mailserver.log.EventLog;
import io.mailserver.queue.Outcomes;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.returnpath.EnvelopeIds;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.RecipientResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Knows bounces that come back later: gives messages of accounts the id (ENVID, RFC 3461 §4.4) that servers put into their reports, and
 * matches a report that bears it to what was sent. What a report says counts only for an address for which its id has our hash.
 *
 * <p>Safe for use by any thread; never throws into those who call it.
 */
public final class Returns implements Outcomes, Intake.Returns {
    private final Parts parts;

    /**
     * What it stands on.
     *
     * @param bounds asked at each use, as are the others
     */
    public record Parts(
            EnvelopeIds ids,
            Function<Address, Resolution> directory,
            ReturnedMail returned,
            Suppressions suppressions,
            Supplier<ReturnedMail.Bounds> bounds,
            Supplier<Suppressions.Bounds> suppressionBounds,
            Time time,
            EventLog log) {}

    public Returns(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Optional<String> envelopeId(QueuedMessage message, List<Recipient> recipients) {
        if (!HardBounces.isOfAnAccount(message)) {
            return Optional.empty();
        }
        String name = message.envelope().account();
        int at = name.lastIndexOf('@');
        Optional<AccountRef> account = Domain.parse(name.substring(at + 1))
                .map(domain -> parts.directory().apply(Address.of(name.substring(0, Math.max(at, 0)), domain)))
                .flatMap(resolution -> resolution instanceof Resolution.Local local
                        ? local.accounts().stream().filter(each -> each.address().toString().equals(name)).findFirst()
                        : Optional.empty());
        return account.flatMap(each -> parts.ids().of(
                new EnvelopeIds.Origin(message.envelope().traceId(), each.id()), recipients.stream().map(Recipient::address).toList()));
    }

    @Override
    public void delivered(QueuedMessage message, Recipient recipient) {}

    @Override
    public void failed(QueuedMessage message, Recipient recipient, EnhancedStatus status, RecipientResult result) {}

    @Override
    public void look(String messageId, Optional<Address> sender, Content content) {
        if (sender.isPresent()) {
            return; // RFC 3461 §6.1: reports come from the null reverse-path.
        }
        try {
            Optional<StatusReport> report = StatusReport.in(content);
            if (report.isPresent()) {
                for (StatusReport.Of each : report.get().recipients()) {
                    note(messageId, report.get().envelopeId(), each);
                }
            }
        } catch (IOException e) {
            parts.log().error("returns.not-noted", e, "message", messageId);
        }
    }

    private void note(String messageId, String id, StatusReport.Of report) throws IOException {
        Optional<ReturnedMail.Fate> fate = switch (report.action()) {
            case FAILED -> Optional.of(ReturnedMail.Fate.FAILED);
            case DELAYED -> Optional.of(ReturnedMail.Fate.DELAYED);
            case DELIVERED -> Optional.of(ReturnedMail.Fate.DELIVERED);
            case RELAYED -> Optional.of(ReturnedMail.Fate.RELAYED);
            case EXPANDED -> Optional.empty(); // RFC 3464 §2.3.3: says nothing of the end
        };
        for (Address name : report.names()) {
            Optional<EnvelopeIds.Origin> origin = fate.isEmpty() ? Optional.empty() : parts.ids().read(id, name);
            if (origin.isPresent()) {
                note(messageId, origin.get(), name, fate.get(), report);
                return;
            }
        }
    }

    private void note(String messageId, EnvelopeIds.Origin origin, Address recipient, ReturnedMail.Fate fate, StatusReport.Of report)
            throws IOException {
        Optional<String> account = parts.returned().add(
                origin.account(), origin.message(), recipient, fate, report.reply(), parts.bounds().get());
        parts.log().info("returns.matched", "message", messageId, "sent", origin.message(), "to", recipient, "status", report.status(),
                "reply", report.reply());
        if (account.isPresent() && fate == ReturnedMail.Fate.FAILED && HardBounces.isHard(report.status())) {
            parts.suppressions().add(account.get(), recipient, parts.time().now(), report.reply(), parts.suppressionBounds().get());
        }
    }
}
