package io.mailserver.jmap;

import io.mailserver.account.RequestLogin.Decision;
import io.mailserver.net.HttpMount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;

/** Puts JMAP together: the types of mail, ready for more. For one thread, until {@link #mounts}. */
public final class Jmap {
    private final JmapServices services;
    private final SessionResource sessions;
    private final MethodTable methods = new MethodTable();
    private final Map<String, AccountRecords> told = new LinkedHashMap<>();

    public Jmap(JmapServices services) {
        this.services = services;
        this.sessions = new SessionResource(services.configs());
        methods.add(MailboxType.type()).add(ThreadType.type()).add(EmailType.type());
        EmailMethods.addTo(methods);
    }

    /** The methods, to add some. */
    public MethodTable methods() {
        return methods;
    }

    /** Has changes of one more type told to clients that listen. */
    void tell(String type, AccountRecords records) {
        told.put(type, records);
    }

    /** The session resource, to add capabilities. */
    public SessionResource sessions() {
        return sessions;
    }

    /** What is mounted on the HTTP listeners; parameters as of {@link JmapHandler}. */
    public List<HttpMount> mounts(Function<Request, Decision> logins) {
        Api api = new Api(methods, sessions, services);
        JmapHandler handler = new JmapHandler(logins, api, sessions, new StateChanges(Map.copyOf(told)), services);
        // The handler keeps to the limits of the moment; a reload cannot raise them above those of the start.
        long largest = Math.max(services.config().maxSizeUpload().octets(), services.config().maxSizeRequest().octets()) + 1;
        return List.of(
                new HttpMount(JmapHandler.WELL_KNOWN, 0, handler),
                new HttpMount(JmapHandler.PREFIX.substring(0, JmapHandler.PREFIX.length() - 1), largest, handler));
    }
}
