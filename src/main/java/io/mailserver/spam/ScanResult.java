package io.mailserver.spam;

import java.util.List;
import java.util.Optional;

/** What another program says of a message. */
public sealed interface ScanResult {
    /** Nothing against it. */
    record Clean() implements ScanResult {}

    /**
     * It carries something that does harm.
     *
     * @param name of what it carries, as the scanner calls it
     */
    record Infected(String name) implements ScanResult {}

    /**
     * A score of the other program's own making.
     *
     * @param threshold from where on it would call the message junk; above 0
     * @param rules names, for people
     */
    record Scored(double score, double threshold, List<String> rules) implements ScanResult {
        public Scored {
            rules = List.copyOf(rules);
        }
    }

    /**
     * It wants the message refused.
     *
     * @param text for the sender
     */
    record Refused(String text) implements ScanResult {}

    /**
     * It wants the message put off.
     *
     * @param text for the sender
     */
    record PutOff(String text) implements ScanResult {}

    /**
     * A field to be taken out.
     *
     * @param occurrence which of this name, counted from 1 from the top
     */
    record Removal(String name, int occurrence) {}

    /**
     * It takes the message, with changes.
     *
     * @param fields to put on top, each with its line end
     * @param removals fields to take out
     * @param quarantine why it wants the message kept apart
     */
    record Changed(String fields, List<Removal> removals, Optional<String> quarantine) implements ScanResult {
        public Changed {
            removals = List.copyOf(removals);
        }
    }

    /**
     * It could not be asked in time; whether that lets mail pass is the operator's choice.
     *
     * @param reason for the log
     */
    record Unavailable(String reason) implements ScanResult {}
}
