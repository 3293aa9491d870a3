package io.mailserver.cli;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.check.CheckReport;
import io.mailserver.check.MessageCheck;
import io.mailserver.check.SenderChecks;
import io.mailserver.config.Config;
import io.mailserver.delivery.Transaction;
import io.mailserver.spam.Finding;
import io.mailserver.spf.SpfRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code check spf|dkim|arc|dmarc}: no server and no data needed. The first word of the output is the result; exit codes: 0 a result was
 * reached, whatever it is, 2 not understood, 1 an internal error.
 */
final class CheckCommands {
    private CheckCommands() {}

    static CommandSpec check() {
        return Command.family(
                "check",
                "Check a client or a message as a receiver would: SPF, DKIM, ARC, DMARC.",
                envelope(work("spf", "Whether a client may send for a domain (RFC 7208).",
                        (checks, options) -> checks.spf(options.envelope()))).spec(),
                message(work("dkim", "The DKIM signatures of a message (RFC 6376).",
                        (checks, options) -> checks.dkim(options.message()))).spec(),
                message(work("arc", "The ARC chain of a message (RFC 8617).",
                        (checks, options) -> checks.arc(options.message()))).spec(),
                envelope(message(work("dmarc", "Whether the author's domain stands behind a message (RFC 9989).",
                        (checks, options) -> checks.dmarc(options.message(), options.optionalEnvelope())))).spec(),
                envelope(message(new CheckWork("message", "What would become of a message, with all reasons and DNS answers.",
                        (options, call) -> new Checked(judge(options, call, List.of())))))
                        .option("--rcpt-to", "ADDRESS", "Whom it is for; several with commas between.").spec());
    }

    /** {@code spam test}: the same judgement under the name by which people look for it. */
    static CommandSpec spamTest() {
        return envelope(message(new CheckWork("test", "Which rules hold for a message, what was learned, and what would become of it.",
                CheckCommands::judgeAsLearned)))
                .option("--account", "ADDRESS", "With what this account has learned, too.")
                .option("--rcpt-to", "ADDRESS", "Whom it is for; several with commas between.").spec();
    }

    private static CheckWork.Result judgeAsLearned(CheckOptions options, Command.Call call) throws IOException {
        LearnedWords learned = LearnedWords.about(options, call);
        CheckReport report = judge(options, call, learned.finding().stream().toList());
        List<String> lines = new ArrayList<>(report.lines());
        lines.addAll(learned.lines());
        Map<String, Object> data = new LinkedHashMap<>(report.data());
        data.put("learned", learned.data());
        return new Checked(new CheckReport(report.result(), lines, data));
    }

    /** With the rules of the configuration, where there is one. */
    private static CheckReport judge(CheckOptions options, Command.Call call, List<Finding> learned) throws IOException {
        Time time = options.asOf(call.application().time());
        Config config = call.application().config(call.settings());
        String hostname = options.text("receiver").or(() -> config.hostname().map(Domain::ascii)).orElse("localhost");
        SpfRequest envelope = options.envelope();
        Transaction transaction = new Transaction(envelope.client(), envelope.helo(), envelope.mailFrom(), options.recipients());
        MessageCheck check = new MessageCheck(options.resolver(time), hostname, config.checks(), config.spam(), time);
        return check.judge(transaction, options.message(), learned);
    }

    /** One kind of check. */
    @FunctionalInterface
    private interface Kind {
        CheckReport run(SenderChecks checks, CheckOptions options) throws IOException;
    }

    private static CheckWork work(String name, String description, Kind kind) {
        return new CheckWork(name, description, (options, call) -> {
            Time time = options.asOf(call.application().time());
            return new Checked(kind.run(new SenderChecks(options.resolver(time), time, options.receiver()), options));
        });
    }

    private static CheckWork message(CheckWork work) {
        return work.file("The message, with LF or CRLF line ends; - for standard input.");
    }

    private static CheckWork envelope(CheckWork work) {
        return work.option("--ip", "ADDRESS", "The client's address.")
                .option("--helo", "NAME", "What it said in HELO or EHLO.")
                .option("--mail-from", "ADDRESS", "The sender of the envelope; empty for the null one.")
                .option("--receiver", "NAME", "The host that checks, as explanations may quote it.");
    }

    /** A report as the result of a command. */
    private record Checked(CheckReport report) implements CheckWork.Result {
        @Override
        public Map<String, Object> data() {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("result", report.result());
            data.putAll(report.data());
            return data;
        }

        @Override
        public void print(Command.Call call) {
            call.terminal().out().println(report.result());
            report.lines().forEach(call.terminal().out()::println);
        }
    }
}
