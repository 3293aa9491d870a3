package io.mailserver.jmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The state strings of /changes: the number of an account's last change. Where not all changes fit in an answer, the state between is
 * {@code AT.ID.SINCE}: all up to that number and id were told, to somebody who knew the state {@code SINCE}. What changes again meanwhile
 * comes later in this order, so it is told again.
 *
 * @param at the number
 * @param id the last record told of those with this number; empty: all of them
 * @param since what to measure new records by
 */
record State(long at, String id, long since) {
    private static final Comparator<JmapType.Change> ORDER =
            Comparator.comparingLong(JmapType.Change::at).thenComparing(JmapType.Change::id);

    static State of(long number) {
        return new State(number, "", number);
    }

    /** Empty for what is no state of ours. */
    static Optional<State> parse(String text) {
        String[] parts = text.split("\\.", -1);
        try {
            return switch (parts.length) {
                case 1 -> Optional.of(of(Long.parseLong(parts[0])));
                case 3 -> Optional.of(new State(Long.parseLong(parts[0]), parts[1], Long.parseLong(parts[2])));
                default -> Optional.empty();
            };
        } catch (NumberFormatException e) {
            return Optional.empty(); // Of another server, or made up.
        }
    }

    @Override
    public String toString() {
        return id.isEmpty() ? Long.toString(at) : at + "." + id + "." + since;
    }

    /** Some of the changes, and the state after them. */
    record Page(List<JmapType.Change> changes, State state, boolean more) {}

    /** The first changes after this state. */
    Page page(JmapType.Changes all, int limit) {
        List<JmapType.Change> left = new ArrayList<>(all.changes());
        if (!id.isEmpty()) {
            left.removeIf(change -> change.at() < at || (change.at() == at && change.id().compareTo(id) <= 0));
        }
        if (left.size() <= limit) {
            return new Page(left, of(all.state()), false);
        }
        left.sort(ORDER);
        List<JmapType.Change> first = List.copyOf(left.subList(0, limit));
        return new Page(first, new State(first.getLast().at(), first.getLast().id(), since), true);
    }

    /** Whether some changes between {@link #since} and this were told already. */
    boolean between() {
        return !id.isEmpty();
    }
}
