package io.mailserver.cli;

import io.mailserver.base.Time;
import io.mailserver.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the command line asks of the program it belongs to; implemented at the top, where everything is wired. */
public interface Application {
    /** One line: name, version, Java. */
    String version();

    /**
     * Runs the server until it is stopped.
     *
     * @return the exit code
     * @throws io.mailserver.base.OperatorException it cannot start
     */
    int start(Settings settings, StartOptions options) throws IOException;

    /**
     * Finds who does operations on a data folder.
     *
     * @throws io.mailserver.base.OperatorException neither a server can be reached nor the folder be used
     */
    Backend connect(Settings settings) throws IOException;

    /**
     * Makes the program a service of this machine.
     *
     * @param root where the machine's files are; other than {@code /} only for packagers
     * @return what to tell
     */
    List<String> install(Path root) throws IOException;

    /** Takes back what {@link #install} did, all but the data; returns what to tell. */
    List<String> uninstall(Path root) throws IOException;

    /**
     * The configuration as a server would read it; the defaults where there is no file.
     *
     * @throws io.mailserver.base.OperatorException it has errors
     */
    Config config(Settings settings);

    /** The clock of commands that need neither server nor data. */
    Time time();

    /** The firewall rules for the configured listeners, ready to paste. */
    List<String> firewall(Settings settings) throws IOException;
}
