package io.mailserver.queue;

import java.io.IOException;

/** Octets on disk are not what was written there, although they were flushed. */
public final class DamagedRecordException extends IOException {
    DamagedRecordException(String what) {
        super("damaged: " + what);
    }
}
