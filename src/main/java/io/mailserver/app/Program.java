package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.cli.Application;
import io.mailserver.cli.Backend;
import io.mailserver.cli.Settings;
import io.mailserver.cli.StartOptions;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the command line can ask of this program. */
final class Program implements Application {
    /** Set by {@code scripts/launch.sh}: the folder with launcher and scripts, and the one with the jars. */
    private static final String HOME = "mailserver.home";

    private static final String JARS = "mailserver.jars";

    private final Time time;
    private final EventLog log;

    /**
     * @param time of commands done in this process
     * @param log of commands done in this process
     */
    Program(Time time, EventLog log) {
        this.time = time;
        this.log = log;
    }

    @Override
    public String version() {
        return "mailserver " + Version.TEXT + ", Java " + Runtime.version();
    }

    @Override
    public int start(Settings settings, StartOptions options) {
        Optional<Domain> domain = options.domain().map(typed -> Domain.parse(typed)
                .orElseThrow(() -> new OperatorException("--domain: not a domain name", "such as --domain example.com")));
        String command = "start" + domain.map(name -> " --domain " + name).orElse("");
        new Foreground().run(locations(settings), domain, command);
        return 0;
    }

    @Override
    public Backend connect(Settings settings) throws IOException {
        return Backends.connect(locations(settings), time, log);
    }

    @Override
    public List<String> install(Path root) {
        List<String> lines = new ArrayList<>(
                new Installation(root).install(launched(HOME), launched(JARS), Path.of(System.getProperty("java.home"))));
        lines.add("next: systemctl start mailserver; mailserver domain add example.com; mailserver account add postmaster@example.com");
        return lines;
    }

    @Override
    public List<String> uninstall(Path root) {
        return new Installation(root).uninstall();
    }

    @Override
    public Config config(Settings settings) {
        return locations(settings).config();
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public List<String> firewall(Settings settings) {
        return Firewall.rules(locations(settings).config().listeners());
    }

    private static Locations locations(Settings settings) {
        return Locations.find(settings.config(), settings.data(), settings.sets(), Privileges.isRoot());
    }

    private static Path launched(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new OperatorException("this was not started by its launcher", "run ./mailserver install");
        }
        return Path.of(value);
    }
}
