package io.mailserver.jmap;

import io.mailserver.jmap.ResultReferences.Response;
import io.mailserver.store.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests to the API, from octets to JSON (RFC 8620 §3). Safe for use by any thread. */
public final class Api {
    /** The capability of RFC 8620. */
    public static final String CORE = "urn:ietf:params:jmap:core";

    /** The capability of RFC 8621. */
    public static final String MAIL = "urn:ietf:params:jmap:mail";

    private static final String ERROR = "urn:ietf:params:jmap:error:";

    private final MethodTable methods;
    private final SessionResource sessions;
    private final JmapServices services;

    /** @param methods complete */
    public Api(MethodTable methods, SessionResource sessions, JmapServices services) {
        this.methods = methods;
        this.sessions = sessions;
        this.services = services;
        methods.add("Core/echo", CORE, call -> echo(call)); // RFC 8620 §4
    }

    private static ObjectNode echo(MethodCall call) {
        return call.arguments().all();
    }

    /** A request that was not processed at all (RFC 8620 §3.6.1). */
    static final class RequestException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient ObjectNode problem;
        private final int status;

        /** @param type the last part of its URN */
        RequestException(int status, String type, String detail) {
            super(detail);
            this.status = status;
            problem = Json.object().put("type", ERROR + type).put("status", status).put("detail", detail);
        }

        static RequestException limit(int status, String limit, String detail) {
            RequestException exceeded = new RequestException(status, "limit", detail);
            exceeded.problem.put("limit", limit);
            return exceeded;
        }

        int status() {
            return status;
        }

        /** RFC 7807 */
        ObjectNode problem() {
            return problem;
        }
    }

    /** Answers a request. */
    ObjectNode answer(JmapUser user, byte[] octets) throws RequestException {
        JsonNode parsed;
        try {
            parsed = Json.parse(octets);
        } catch (Json.NotJsonException e) {
            throw new RequestException(400, "notJSON", String.valueOf(e.getMessage()));
        }
        return answer(user, parsed);
    }

    ObjectNode answer(JmapUser user, JsonNode request) throws RequestException {
        Set<String> using = using(request);
        JsonNode calls = request.path("methodCalls");
        if (!calls.isArray()) {
            throw notRequest("methodCalls must be a list");
        }
        for (JsonNode call : calls) {
            boolean invocation = call.isArray() && call.size() == 3
                    && call.get(0).isString() && call.get(1).isObject() && call.get(2).isString();
            if (!invocation) {
                throw notRequest("a method call must be a list of name, arguments and id");
            }
        }
        int limit = services.config().maxCallsInRequest();
        if (calls.size() > limit) {
            throw RequestException.limit(400, "maxCallsInRequest", "at most " + limit + " method calls");
        }
        try (Exchange exchange = new Exchange(user, services)) {
            boolean tellsIds = addCreatedIds(exchange, request.get("createdIds"));
            ArrayNode responses = Json.array();
            run(exchange, using, calls).forEach(response -> responses.add(
                    Json.array().add(response.name()).add(response.arguments()).add(response.callId())));
            ObjectNode answer = Json.object();
            answer.set("methodResponses", responses);
            if (tellsIds) {
                ObjectNode ids = answer.putObject("createdIds");
                exchange.createdIds().forEach(ids::put);
            }
            return answer.put("sessionState", sessions.state(user));
        }
    }

    private Set<String> using(JsonNode request) throws RequestException {
        if (!request.isObject() || !request.path("using").isArray()) {
            throw notRequest("a request must be an object with using and methodCalls");
        }
        Set<String> using = new HashSet<>();
        for (JsonNode capability : request.get("using")) {
            if (!capability.isString()) {
                throw notRequest("using must be a list of strings");
            }
            if (!sessions.supports(capability.stringValue())) {
                throw new RequestException(400, "unknownCapability", capability.stringValue() + " is not supported");
            }
            using.add(capability.stringValue());
        }
        return using;
    }

    private static boolean addCreatedIds(Exchange exchange, @Nullable JsonNode given) throws RequestException {
        if (given == null || given.isNull()) {
            return false;
        }
        if (!given.isObject()) {
            throw notRequest("createdIds must be a map of ids");
        }
        for (Map.Entry<String, JsonNode> id : given.asObject().properties()) {
            if (!id.getValue().isString()) {
                throw notRequest("createdIds must be a map of ids");
            }
            exchange.created(id.getKey(), id.getValue().stringValue());
        }
        return true;
    }

    private static RequestException notRequest(String detail) {
        return new RequestException(400, "notRequest", detail);
    }

    private List<Response> run(Exchange exchange, Set<String> using, JsonNode calls) {
        List<Response> responses = new ArrayList<>();
        for (JsonNode invocation : calls) {
            String callId = invocation.get(2).stringValue();
            String name = invocation.get(0).stringValue();
            try {
                JmapMethod method = methods.find(name, using).orElseThrow(() -> new MethodException("unknownMethod", ""));
                ObjectNode arguments = ResultReferences.resolve(invocation.get(1).asObject(), responses);
                Deque<MethodCall.Next> next = new ArrayDeque<>();
                responses.add(call(exchange, method, name, arguments, callId, next));
                while (!next.isEmpty()) {
                    MethodCall.Next implicit = next.removeFirst();
                    JmapMethod other = methods.find(implicit.name()).orElseThrow();
                    responses.add(call(exchange, other, implicit.name(), implicit.arguments(), callId, next));
                }
            } catch (MethodException e) {
                responses.add(error(e, callId));
            }
        }
        return responses;
    }

    private Response call(
            Exchange exchange, JmapMethod method, String name, ObjectNode arguments, String callId, Deque<MethodCall.Next> next) {
        MethodCall call = new MethodCall(name, arguments, exchange);
        try {
            ObjectNode answer = method.call(call);
            next.addAll(call.next());
            return new Response(name, answer, callId);
        } catch (MethodException e) {
            return error(e, callId);
        } catch (StoreException e) {
            if (e.trouble()) {
                services.log().error("jmap.failed", e, "method", name, "account", exchange.user().name());
            }
            String type = e.reason() == StoreException.Cause.CORRUPT ? "serverFail" : "serverUnavailable";
            return error(new MethodException(type, String.valueOf(e.getMessage())), callId);
        } catch (RuntimeException e) {
            // A bug; the other calls of the request are not its victims (RFC 8620 §3.6.2).
            services.log().error("jmap.bug", e, "method", name, "account", exchange.user().name());
            return error(new MethodException("serverFail", "an unexpected error; the server's log tells more"), callId);
        }
    }

    private static Response error(MethodException error, String callId) {
        return new Response("error", error.toJson(), callId);
    }
}
