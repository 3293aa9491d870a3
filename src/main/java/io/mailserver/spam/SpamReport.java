package io.mailserver.spam;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the filter found in a message.
 *
 * @param looked whether anybody looked: findings may be none all the same
 * @param findings for whom nothing of {@code personal} holds
 * @param personal by recipient, as the caller named them
 * @param infected what it carries that does harm, by a scanner
 * @param refused what a scanner has to say to the sender
 * @param putOff why it must be looked at later
 * @param greylisted why the sender, who is unknown, is asked to come again
 * @param quarantine why a scanner wants it kept apart
 * @param fields to put on top of it, each with its line end, by scanners
 * @param removals fields to take out of it, by scanners
 * @param troubles what could not be asked or read, for the log
 * @param tokens what a classifier would learn of it
 */
public record SpamReport(
        boolean looked,
        List<Finding> findings,
        Map<String, ForRecipient> personal,
        Optional<String> infected,
        Optional<String> refused,
        Optional<String> putOff,
        Optional<String> greylisted,
        Optional<String> quarantine,
        String fields,
        List<ScanResult.Removal> removals,
        List<String> troubles,
        Optional<Tokens> tokens) {
    /** Nothing was looked at. */
    public static final SpamReport EMPTY = new SpamReport(false, List.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), "", List.of(), List.of(), Optional.empty());

    public SpamReport {
        findings = List.copyOf(findings);
        personal = Map.copyOf(personal);
        removals = List.copyOf(removals);
        troubles = List.copyOf(troubles);
    }

    /** What was found for one recipient, all of it, and that recipient's own limits. */
    public record ForRecipient(List<Finding> findings, OptionalInt junk, OptionalInt reject) {
        public ForRecipient {
            findings = List.copyOf(findings);
        }

        /** The sum of the points. */
        public double score() {
            return findings.stream().mapToDouble(Finding::points).sum();
        }
    }

    /** The sum of all points that hold for everybody. */
    public double score() {
        return findings.stream().mapToDouble(Finding::points).sum();
    }

    /** What counts for a recipient. */
    public ForRecipient forRecipient(String recipient) {
        ForRecipient found = personal.get(recipient);
        return found != null ? found : new ForRecipient(findings, OptionalInt.empty(), OptionalInt.empty());
    }

    /** A report that only says why nothing was found. */
    public static SpamReport failed(String trouble) {
        return new SpamReport(false, List.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), "", List.of(), List.of(trouble), Optional.empty());
    }

    /** This report with a reason to have the message come again. */
    public SpamReport greylisted(String reason) {
        return new SpamReport(looked, findings, personal, infected, refused, putOff, Optional.of(reason), quarantine, fields, removals,
                troubles, tokens);
    }
}
