package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** One call of a method (RFC 8620 §3.2). For one thread. */
public final class MethodCall {
    private final String name;
    private final Arguments arguments;
    private final Exchange exchange;
    private final List<Next> next = new ArrayList<>();

    MethodCall(String name, ObjectNode arguments, Exchange exchange) {
        this.name = name;
        this.arguments = new Arguments(arguments);
        this.exchange = exchange;
    }

    /** A call that this one makes implicitly. */
    record Next(String name, ObjectNode arguments) {}

    /** The name of the method. */
    public String name() {
        return name;
    }

    /** What it was given. */
    public Arguments arguments() {
        return arguments;
    }

    /** The request it is part of. */
    public Exchange exchange() {
        return exchange;
    }

    /**
     * The account that {@code accountId} names.
     *
     * @throws MethodException invalidArguments, accountNotFound
     */
    public JmapAccount account() throws MethodException, StoreException {
        return exchange.account(arguments.string("accountId"));
    }

    /** Has another method called after this one, whose response comes behind this one's with the same call id. */
    public void then(String method, ObjectNode itsArguments) {
        next.add(new Next(method, itsArguments));
    }

    List<Next> next() {
        return next;
    }
}
