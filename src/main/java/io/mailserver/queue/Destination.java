package io.mailserver.queue;

/** A name that queued recipients share, held once for all of them. Guarded by the index's lock. */
final class Destination {
    final String name;
    int slots;

    Destination(String name) {
        this.name = name;
    }
}
