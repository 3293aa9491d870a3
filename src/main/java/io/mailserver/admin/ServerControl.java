package io.mailserver.admin;

import java.util.List;

/** What operations do to the process they run in. Implemented by the running server and, for a command without a server, here. */
public interface ServerControl {
    /** What the server is and does now. */
    ServerStatus status();

    /** Begins to stop the server and returns at once. */
    void stop();

    /**
     * Reads the configuration and the certificates again: all of it is checked, then swapped, or nothing changes.
     *
     * @return a line for each thing worth telling, such as keys whose change needs a restart
     * @throws io.mailserver.base.OperatorException the configuration has errors
     */
    List<String> reload();
}
