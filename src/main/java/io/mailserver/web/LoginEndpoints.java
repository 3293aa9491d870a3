package io.mailserver.web;

import io.mailserver.account.AccessTokens;
import io.mailserver.account.AccessTokens.SignIn;
import io.mailserver.account.RequestLogin;
import io.mailserver.account.RequestLogin.Decision;
import io.mailserver.net.HttpMount;
import io.mailserver.net.TextRoutes;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.net.TextRoutes.Route;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /auth}: signing in and out, as the head of this package says. Safe for use by any thread. */
public final class LoginEndpoints {
    private static final long MAX_BODY_OCTETS = 16 << 10;
    private static final String JSON = "application/json";

    private final AccessTokens tokens;
    private final RequestLogin login;
    private final JsonMapper json = JsonMapper.shared();

    public LoginEndpoints(AccessTokens tokens, RequestLogin login) {
        this.tokens = tokens;
        this.login = login;
    }

    /** To be mounted wherever people sign in. */
    public HttpMount mount() {
        return new HttpMount("/auth", MAX_BODY_OCTETS, new TextRoutes(List.of(
                new Route(HttpMethod.POST, "/auth/login", (request, response) -> told(() -> signIn(request, response))),
                new Route(HttpMethod.POST, "/auth/refresh", (request, response) -> told(() -> refresh(request))),
                new Route(HttpMethod.POST, "/auth/logout", this::signOut),
                new Route(HttpMethod.GET, "/auth/session", this::session))));
    }

    /** What a client sent is not what it should be. */
    private static final class BadRequest extends Exception {
        private final int status;

        BadRequest(int status, String text) {
            super(text);
            this.status = status;
        }
    }

    @FunctionalInterface
    private interface Step {
        Answer answer() throws IOException, BadRequest;
    }

    private static Answer told(Step step) throws IOException {
        try {
            return step.answer();
        } catch (BadRequest e) {
            return error(e.status, String.valueOf(e.getMessage()));
        }
    }

    private Answer signIn(Request request, Response response) throws IOException, BadRequest {
        requireConfidential(request);
        JsonNode wanted = body(request);
        boolean browser = switch (optional(wanted, "grant").orElse("cookie")) {
            case "cookie" -> true;
            case "token" -> false;
            default -> throw new BadRequest(400, "grant is cookie or token");
        };
        SignIn result = tokens.signIn(
                required(wanted, "username"), required(wanted, "password"),
                optional(wanted, "device").orElseGet(() -> String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT))),
                browser, RequestLogin.client(request));
        return switch (result) {
            case SignIn.Refused refused -> refused(response, RequestLogin.refused(refused.outcome(), List.of("Bearer")));
            case SignIn.Done done when browser -> {
                Response.addCookie(response, cookie(request, done.secret(), AccessTokens.UNUSED.toSeconds()));
                yield json(object(done.signed().username()).put("csrf", AccessTokens.csrf(done.secret())));
            }
            case SignIn.Done done -> json(tokens(done.signed().username(), done.accessToken().orElseThrow(), done.secret()));
        };
    }

    private Answer refresh(Request request) throws IOException, BadRequest {
        requireConfidential(request);
        return tokens.refresh(required(body(request), "refreshToken"), RequestLogin.client(request))
                .map(got -> json(tokens(got.signed().username(), got.accessToken(), got.refreshToken())))
                .orElseGet(() -> error(401, "The refresh token is not good, or no longer: sign in again"));
    }

    private Answer session(Request request, Response response) {
        return switch (login.decide(request)) {
            case Decision.Refused refused -> refused(response, new Decision.Refused(
                    refused.status(),
                    refused.challenges().isEmpty() ? List.of() : List.of("Bearer"),
                    refused.retryAfter(),
                    refused.text()));
            case Decision.Known known -> {
                ObjectNode answer = object(known.account().address().toString());
                if (known.device().isPresent()) {
                    RequestLogin.cookie(request)
                            .filter(cookie -> !request.getHeaders().contains(HttpHeader.AUTHORIZATION))
                            .ifPresent(cookie -> answer.put("csrf", AccessTokens.csrf(cookie)));
                }
                yield json(answer);
            }
        };
    }

    private Answer signOut(Request request, Response response) throws IOException {
        return switch (login.decide(request)) {
            case Decision.Refused refused -> refused(response, refused);
            case Decision.Known known -> {
                if (known.device().isPresent()) {
                    tokens.revoke(known.account().id(), known.device().get());
                }
                Response.addCookie(response, cookie(request, "", 0));
                yield new Answer(204, JSON, "");
            }
        };
    }

    private static HttpCookie cookie(Request request, String value, long seconds) {
        boolean secure = request.isSecure();
        return HttpCookie.build(secure ? RequestLogin.SECURE_COOKIE : RequestLogin.LOOPBACK_COOKIE, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite(HttpCookie.SameSite.STRICT)
                .maxAge(seconds)
                .build();
    }

    private static void requireConfidential(Request request) throws BadRequest {
        if (!RequestLogin.confidential(request)) {
            throw new BadRequest(403, "Use https");
        }
    }

    /** Only JSON: a form of another site cannot send that (Fetch §3.3). */
    private JsonNode body(Request request) throws IOException, BadRequest {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(JSON)) {
            throw new BadRequest(415, "Send application/json");
        }
        try {
            JsonNode read = json.readTree(Content.Source.asString(request));
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            // Nothing of the message: it might quote the password.
            throw new BadRequest(400, "That is not JSON");
        }
        throw new BadRequest(400, "Send a JSON object");
    }

    private static String required(JsonNode object, String name) throws BadRequest {
        Optional<String> value = optional(object, name);
        if (value.isEmpty()) {
            throw new BadRequest(400, "The text " + name + " is missing");
        }
        return value.get();
    }

    private static Optional<String> optional(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    private static ObjectNode object(String username) {
        return JsonNodeFactory.instance.objectNode().put("username", username);
    }

    private static ObjectNode tokens(String username, String access, String refresh) {
        return object(username)
                .put("accessToken", access)
                .put("refreshToken", refresh)
                .put("expiresIn", AccessTokens.ACCESS.toSeconds());
    }

    private static Answer json(ObjectNode object) {
        return new Answer(200, JSON, object.toString());
    }

    private static Answer error(int status, String text) {
        return new Answer(status, JSON, JsonNodeFactory.instance.objectNode().put("error", text).toString());
    }

    private static Answer refused(Response response, Decision.Refused refused) {
        refused.challenges().forEach(challenge -> response.getHeaders().add(new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge)));
        refused.retryAfter().ifPresent(after -> response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, after.toSeconds())));
        return error(refused.status(), refused.text());
    }
}
