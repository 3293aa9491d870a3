package io.mailserver.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Changes of names in the order they were made, as a journalling file system keeps them: a power cut leaves a beginning of them, and a
 * rename is in it whole or not at all. Forcing a folder makes everything up to its last change durable. Guarded by the lock of its disk.
 */
final class SimulatedJournal {
    private final List<NameChange> changes = new ArrayList<>();

    /** @param operation changes of one operation stay together */
    private record NameChange(SimulatedInode folder, String name, @Nullable SimulatedInode before, int operation) {}

    void changed(SimulatedInode folder, String name, int operation) {
        changes.add(new NameChange(folder, name, folder.names.get(name), operation));
    }

    void force(SimulatedInode folder) {
        for (int last = changes.size() - 1; last >= 0; last--) {
            if (changes.get(last).folder() == folder) {
                int durable = last + 1;
                while (durable < changes.size() && changes.get(durable).operation() == changes.get(last).operation()) {
                    durable++;
                }
                changes.subList(0, durable).clear();
                return;
            }
        }
    }

    /** Takes back what a power cut takes. */
    void cutPower(Random random) {
        int left = random.nextInt(changes.size() + 1);
        while (left > 0 && left < changes.size() && changes.get(left).operation() == changes.get(left - 1).operation()) {
            left--;
        }
        for (NameChange undone : changes.subList(left, changes.size()).reversed()) {
            if (undone.before() == null) {
                undone.folder().names.remove(undone.name());
            } else {
                undone.folder().names.put(undone.name(), undone.before());
            }
        }
        changes.clear();
    }
}
