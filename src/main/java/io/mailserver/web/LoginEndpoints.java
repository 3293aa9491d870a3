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
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /auth}: signing in and out, as the head of this package says. Safe for use by any thread. */
public final class LoginEndpoints {
    private static final long MAX_BODY_OCTETS = 16 << 10;

    private final AccessTokens tokens;
    private final RequestLogin login;

    public LoginEndpoints(AccessTokens tokens, RequestLogin login) {
        this.tokens = tokens;
        this.login = login;
    }

    /** To be mounted wherever people sign in. */
    public HttpMount mount() {
        return new HttpMount("/auth", MAX_BODY_OCTETS, new TextRoutes(List.of(
                new Route(HttpMethod.POST, "/auth/login", (request, response) -> JsonBody.told(() -> signIn(request, response))),
                new Route(HttpMethod.POST, "/auth/refresh", (request, response) -> JsonBody.told(() -> refresh(request))),
                new Route(HttpMethod.POST, "/auth/logout", this::signOut),
                new Route(HttpMethod.GET, "/auth/session", this::session))));
    }

    private Answer signIn(Request request, Response response) throws IOException, JsonBody.BadRequest {
        JsonBody.requireConfidential(request);
        JsonNode wanted = JsonBody.read(request);
        boolean browser = switch (JsonBody.optional(wanted, "grant").orElse("cookie")) {
            case "cookie" -> true;
            case "token" -> false;
            default -> throw new JsonBody.BadRequest(400, "grant is cookie or token");
        };
        SignIn result = tokens.signIn(
                JsonBody.required(wanted, "username"), JsonBody.required(wanted, "password"),
                JsonBody.optional(wanted, "device").orElseGet(() -> String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT))),
                browser, RequestLogin.client(request));
        return switch (result) {
            case SignIn.Refused refused -> refused(response, RequestLogin.refused(refused.outcome(), List.of("Bearer")));
            case SignIn.Done done when browser -> {
                Response.addCookie(response, cookie(request, done.secret(), AccessTokens.UNUSED.toSeconds()));
                yield JsonBody.answer(object(done.signed().username()).put("csrf", AccessTokens.csrf(done.secret())));
            }
            case SignIn.Done done -> JsonBody.answer(tokens(done.signed().username(), done.accessToken().orElseThrow(), done.secret()));
        };
    }

    private Answer refresh(Request request) throws IOException, JsonBody.BadRequest {
        JsonBody.requireConfidential(request);
        return tokens.refresh(JsonBody.required(JsonBody.read(request), "refreshToken"), RequestLogin.client(request))
                .map(got -> JsonBody.answer(tokens(got.signed().username(), got.accessToken(), got.refreshToken())))
                .orElseGet(() -> JsonBody.error(401, "The refresh token is not good, or no longer: sign in again"));
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
                yield JsonBody.answer(answer);
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
                yield new Answer(204, JsonBody.TYPE, "");
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

    private static ObjectNode object(String username) {
        return JsonNodeFactory.instance.objectNode().put("username", username);
    }

    private static ObjectNode tokens(String username, String access, String refresh) {
        return object(username)
                .put("accessToken", access)
                .put("refreshToken", refresh)
                .put("expiresIn", AccessTokens.ACCESS.toSeconds());
    }

    private static Answer refused(Response response, Decision.Refused refused) {
        refused.challenges().forEach(challenge -> response.getHeaders().add(new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge)));
        refused.retryAfter().ifPresent(after -> response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, after.toSeconds())));
        return JsonBody.error(refused.status(), refused.text());
    }
}
