package io.mailserver.spam;

import io.mailserver.config.SpamConfig.ScannerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What all scanners say together.
 *
 * @param infected what the message carries that does harm
 * @param refused what to say to the sender
 * @param putOff why it must be looked at later
 * @param quarantine why it is to be kept apart
 * @param fields to put on top of the message, each with its line end
 * @param removals fields to take out of it
 * @param troubles who could not be asked, for the log
 */
record ScannerAnswers(
        List<Finding> findings,
        Optional<String> infected,
        Optional<String> refused,
        Optional<String> putOff,
        Optional<String> quarantine,
        String fields,
        List<ScanResult.Removal> removals,
        List<String> troubles) {
    /** One scanner's. */
    record Answer(ScannerConfig scanner, ScanResult result) {}

    static ScannerAnswers of(List<Answer> answers, Failures failures) {
        List<Finding> findings = new ArrayList<>();
        Optional<String> infected = Optional.empty();
        Optional<String> refused = Optional.empty();
        Optional<String> putOff = Optional.empty();
        Optional<String> quarantine = Optional.empty();
        StringBuilder fields = new StringBuilder();
        List<ScanResult.Removal> removals = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        for (Answer answer : answers) {
            ScannerConfig scanner = answer.scanner();
            switch (answer.result()) {
                case ScanResult.Clean clean -> { }
                case ScanResult.Infected found -> infected = Optional.of(found.name());
                case ScanResult.Refused refusal -> refused = Optional.of(refusal.text());
                case ScanResult.PutOff later -> putOff = Optional.of(later.text());
                case ScanResult.Changed changed -> {
                    fields.append(changed.fields());
                    removals.addAll(changed.removals());
                    quarantine = quarantine.or(changed::quarantine);
                }
                case ScanResult.Scored scored -> findings.add(new Finding(scanner.type().name(),
                        scored.score() / scored.threshold() * scanner.points(), "by " + String.join(" ", scored.rules())));
                case ScanResult.Unavailable trouble -> {
                    failures.count("scanner " + scanner.type().name().toLowerCase(Locale.ROOT));
                    troubles.add(trouble.reason());
                    if (scanner.failing() == ScannerConfig.Failing.CLOSED) {
                        putOff = Optional.of("a scanner does not answer");
                    }
                }
            }
        }
        return new ScannerAnswers(findings, infected, refused, putOff, quarantine, fields.toString(), removals, troubles);
    }
}
