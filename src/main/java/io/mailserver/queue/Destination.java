package io.mailserver.queue;

import org.jspecify.annotations.Nullable;

/** A name that queued recipients share, held once for all of them. Guarded by the index's lock. */
final class Destination {
    final String name;
    int slots;
    /** Where its recipients wait, once that is known. */
    @Nullable Lane lane;

    Destination(String name) {
        this.name = name;
    }
}
