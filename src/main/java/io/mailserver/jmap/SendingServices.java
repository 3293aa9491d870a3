package io.mailserver.jmap;

import io.mailserver.account.ReturnedMail;
import io.mailserver.base.ContentSpool;
import io.mailserver.config.SmtpConfig;
import io.mailserver.delivery.Intake;
import io.mailserver.queue.QueueAdmin;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What sending by JMAP works with; all of it outlives it.
 *
 * @param intake takes messages as from SMTP submission, with the same checks, limits and signatures
 * @param queue where those wait that are not gone yet
 * @param spool holds a message on its way to the intake
 * @param limits as they are now
 * @param reports of other servers on what they had taken
 */
public record SendingServices(
        Intake intake,
        Supplier<QueueAdmin> queue,
        ContentSpool spool,
        Supplier<SmtpConfig> limits,
        ReportSource reports) {
    /** Knows what was reported later. */
    @FunctionalInterface
    public interface ReportSource {
        /** What was reported of an account's mail, by its canonical address. */
        List<ReturnedMail.Returned> of(String account) throws IOException;
    }
}
