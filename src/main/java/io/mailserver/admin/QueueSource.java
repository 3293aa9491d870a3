package io.mailserver.admin;

import io.mailserver.queue.QueueAdmin;
import java.io.IOException;

/** The queue that operations work on: a running server's, or one that is opened when it is asked for first. */
@FunctionalInterface
public interface QueueSource {
    QueueAdmin queue() throws IOException;
}
