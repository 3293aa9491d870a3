package io.mailserver.admin;

import io.mailserver.base.OperatorException;
import java.util.List;

/** No server runs: a command works on the data folder itself, under the data lock. */
public final class StoppedServer implements ServerControl {
    /** What to say to a command that needs a running server. */
    static OperatorException notRunning() {
        return new OperatorException("no server is running on this data folder", "start it with: ./mailserver start");
    }

    @Override
    public ServerStatus status() {
        throw notRunning();
    }

    @Override
    public void stop() {
        throw notRunning();
    }

    @Override
    public List<String> reload() {
        throw notRunning();
    }
}
