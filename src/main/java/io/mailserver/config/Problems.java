package io.mailserver.config;

import io.mailserver.base.OperatorException;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration: collected, so that one look at the message is enough to mend all of it. */
final class Problems {
    /** More would not be read; a file of the wrong kind has thousands. */
    private static final int MAX_SHOWN = 20;

    private final List<String> texts = new ArrayList<>();

    /** Adds a problem; {@code advice} says what to do and may be empty. */
    void add(Position at, String what, String advice) {
        texts.add(at + ": " + what + (advice.isEmpty() ? "" : "; " + advice));
    }

    /** Whether further problems would only be counted, so that no advice need be found for them. */
    boolean onlyCounted() {
        return texts.size() >= MAX_SHOWN;
    }

    /** Throws if there is any problem: one line each. */
    void throwIfAny(String hint) {
        if (texts.isEmpty()) {
            return;
        }
        List<String> shown = texts.size() <= MAX_SHOWN ? texts : new ArrayList<>(texts.subList(0, MAX_SHOWN));
        if (texts.size() > MAX_SHOWN) {
            shown.add("and " + (texts.size() - MAX_SHOWN) + " more problems");
        }
        throw new OperatorException(String.join("\n", shown), hint);
    }
}
