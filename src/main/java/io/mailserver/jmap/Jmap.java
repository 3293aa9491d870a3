package io.mailserver.jmap;

import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;

/** Puts JMAP together: the types of mail, ready for more. For one thread, until {@link #handler}. */
public final class Jmap {
    private final JmapServices services;
    private final SessionResource sessions;
    private final MethodTable methods = new MethodTable();

    public Jmap(JmapServices services) {
        this.services = services;
        this.sessions = new SessionResource(services.configs());
        methods.add(MailboxType.type()).add(ThreadType.type()).add(EmailType.type());
    }

    /** The methods, to add some. */
    public MethodTable methods() {
        return methods;
    }

    /** The session resource, to add capabilities. */
    public SessionResource sessions() {
        return sessions;
    }

    /** What answers requests; parameters as of {@link JmapHandler}. */
    public JmapHandler handler(Function<Request, Optional<JmapUser>> logins, Function<Request, String> bases) {
        return new JmapHandler(logins, bases, new Api(methods, sessions, services), sessions, services);
    }
}
