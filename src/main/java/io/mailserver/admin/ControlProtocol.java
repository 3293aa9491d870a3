package io.mailserver.admin;

import io.mailserver.base.OperatorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What goes over the control socket: one JSON object on one line each way, any number of times.
 *
 * <pre>
 * {"v":1,"operation":"account.show","arguments":{"address":"alice@example.com"}}
 * {"v":1,"ok":true,"lines":["..."],"data":{...},"hint":""}
 * </pre>
 *
 * <p>A request with {@code "live":true} may get any number of {@code {"v":1,"live":"a line"}} before its answer.
 */
final class ControlProtocol {
    static final String SOCKET_NAME = "control.sock";

    /** Raised when old programs could misunderstand new ones. */
    static final int VERSION = 1;

    static final int MAX_REQUEST_OCTETS = 256 * 1024;
    static final int MAX_ANSWER_OCTETS = 256 * 1024 * 1024;

    /** What a socket's name may have on Linux: sockaddr_un.sun_path without its final zero. */
    static final int MAX_PATH_OCTETS = 107;

    private static final int MAX_NESTING = 20;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    // Thread-local buffers would be as many as virtual threads.
                    .recyclerPool(JsonRecyclerPools.newBoundedPool(4))
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                    .build())
            .build();

    /** One request, understood. */
    record Request(String operation, JsonNode arguments, boolean live) {}

    /**
     * The address of the control socket of a data folder. A path too long for a socket is tried relative to the present folder.
     *
     * @throws OperatorException no form of the path is short enough
     */
    static UnixDomainSocketAddress address(Path data) {
        Path file = data.toAbsolutePath().normalize().resolve(SOCKET_NAME);
        if (length(file) <= MAX_PATH_OCTETS) {
            return UnixDomainSocketAddress.of(file);
        }
        Path relative = Path.of("").toAbsolutePath().relativize(file);
        if (length(relative) <= MAX_PATH_OCTETS) {
            return UnixDomainSocketAddress.of(relative);
        }
        throw new OperatorException(
                "the path of " + file + " is longer than a control socket's may be (" + MAX_PATH_OCTETS + " octets)",
                "use a data folder with a shorter path, or change into the folder (cd " + data.toAbsolutePath() + ") and start from there");
    }

    byte[] request(String operation, JsonNode arguments, boolean live) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("v", VERSION).put("operation", operation).set("arguments", arguments);
        if (live) {
            request.put("live", true);
        }
        return line(request);
    }

    /** @throws OperatorException it is no request of a version known here */
    Request parseRequest(byte[] line) {
        JsonNode request = parse(line, "the request");
        checkVersion(request, "the command", "the server");
        JsonNode operation = request.path("operation");
        if (!operation.isString()) {
            throw new OperatorException("the request names no operation", "send {\"v\":1,\"operation\":\"status\"}");
        }
        return new Request(operation.stringValue(), request.path("arguments"), request.path("live").asBoolean(false));
    }

    byte[] live(String text) {
        return line(JsonNodeFactory.instance.objectNode().put("v", VERSION).put("live", text));
    }

    /** The line that is shown before the answer; empty where this is the answer. */
    Optional<String> parseLive(byte[] line) {
        JsonNode live = parse(line, "the server's answer").path("live");
        return live.isString() ? Optional.of(live.stringValue()) : Optional.empty();
    }

    byte[] answer(Answer answer) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("v", VERSION).put("ok", answer.ok());
        answer.lines().forEach(node.putArray("lines")::add);
        node.set("data", answer.data());
        node.put("hint", answer.hint());
        return line(node);
    }

    /** @throws OperatorException it is no answer of a version known here */
    Answer parseAnswer(byte[] line) {
        JsonNode answer = parse(line, "the server's answer");
        checkVersion(answer, "the server", "this command");
        List<String> lines = new ArrayList<>();
        answer.path("lines").forEach(each -> lines.add(each.asString()));
        JsonNode data = answer.path("data");
        return new Answer(
                answer.path("ok").asBoolean(),
                lines,
                data.isMissingNode() ? JsonNodeFactory.instance.nullNode() : data,
                answer.path("hint").asString());
    }

    /**
     * Reads up to the next LF.
     *
     * @return the line without LF; empty at the end of the stream
     * @throws IOException the line is longer than {@code maxOctets}, or it ends without LF
     */
    static Optional<byte[]> readLine(InputStream in, int maxOctets) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            if (line.size() >= maxOctets) {
                throw new LineTooLongException();
            }
            line.write(octet);
            octet = in.read();
        }
        if (octet < 0) {
            if (line.size() > 0) {
                throw new IOException("the connection ended within a line");
            }
            return Optional.empty();
        }
        return Optional.of(line.toByteArray());
    }

    /** Somebody sends more than a request can be. */
    static final class LineTooLongException extends IOException {
        LineTooLongException() {
            super("a line is longer than allowed");
        }
    }

    private static void checkVersion(JsonNode message, String whose, String other) {
        int version = message.path("v").asInt(0);
        if (version != VERSION) {
            throw new OperatorException(
                    whose + " speaks version " + version + " of the control protocol, " + other + " version " + VERSION,
                    "use the command of the same installation as the server; after an upgrade restart the server");
        }
    }

    private JsonNode parse(byte[] line, String what) {
        try {
            JsonNode node = json.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            // Its message could quote a password.
            throw new OperatorException(what + " is not JSON", "send one JSON object on one line");
        }
        throw new OperatorException(what + " is not a JSON object", "send one JSON object on one line");
    }

    private byte[] line(JsonNode node) {
        return (json.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
