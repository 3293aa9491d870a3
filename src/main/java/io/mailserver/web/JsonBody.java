package io.mailserver.web;

import io.mailserver.account.RequestLogin;
import io.mailserver.net.TextRoutes.Answer;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request whose body is a JSON object, and answers of JSON. */
final class JsonBody {
    static final String TYPE = "application/json";

    private JsonBody() {}

    /** What a client sent is not what it should be. */
    static final class BadRequest extends Exception {
        private final int status;

        BadRequest(int status, String text) {
            super(text);
            this.status = status;
        }
    }

    @FunctionalInterface
    interface Step {
        Answer answer() throws IOException, BadRequest;
    }

    /** What a step answers, or what is wrong with the request. */
    static Answer told(Step step) throws IOException {
        try {
            return step.answer();
        } catch (BadRequest e) {
            return error(e.status, String.valueOf(e.getMessage()));
        }
    }

    static void requireConfidential(Request request) throws BadRequest {
        if (!RequestLogin.confidential(request)) {
            throw new BadRequest(403, "Use https");
        }
    }

    /** Only JSON: a form of another site cannot send that (Fetch §3.3). */
    static JsonNode read(Request request) throws IOException, BadRequest {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
            throw new BadRequest(415, "Send application/json");
        }
        try {
            JsonNode read = JsonMapper.shared().readTree(Content.Source.asString(request));
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            // Nothing of the message: it might quote the password.
            throw new BadRequest(400, "That is not JSON");
        }
        throw new BadRequest(400, "Send a JSON object");
    }

    static String required(JsonNode object, String name) throws BadRequest {
        Optional<String> value = optional(object, name);
        if (value.isEmpty()) {
            throw new BadRequest(400, "The text " + name + " is missing");
        }
        return value.get();
    }

    static Optional<String> optional(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    static Answer answer(ObjectNode object) {
        return new Answer(200, TYPE, object.toString());
    }

    static Answer error(int status, String text) {
        return new Answer(status, TYPE, JsonNodeFactory.instance.objectNode().put("error", text).toString());
    }
}
