package io.mailserver.account;

import io.mailserver.log.EventLog;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Decides who sent an HTTP request: by a name and password (RFC 7617), by an access token (RFC 6750), or by the cookie of a browser that
 * signed in. A request by cookie must show that one of our own pages sent it ({@link #CSRF_HEADER}), unless it is a GET or HEAD, which
 * change nothing. Passwords and tokens in plain are taken from this machine only; behind a configured proxy, where the client spoke TLS.
 *
 * <p>Safe for use by any thread; blocks for the database and for a slowed answer.
 */
public final class RequestLogin {
    /** The header with {@link AccessTokens#csrf}. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    /** The cookie over TLS; its prefix makes browsers refuse it from elsewhere (RFC 6265bis §4.1.3.2). */
    public static final String SECURE_COOKIE = "__Host-session";

    /** The cookie in plain on loopback, where browsers do not take the other. */
    public static final String LOOPBACK_COOKIE = "session";

    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Authenticator authenticator;
    private final AccessTokens tokens;
    private final Accounts accounts;
    private final EventLog log;

    RequestLogin(Authenticator authenticator, AccessTokens tokens, Accounts accounts, EventLog log) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.accounts = accounts;
        this.log = log;
    }

    /** What is known of a request's sender. */
    public sealed interface Decision {
        /**
         * @param device where somebody signed in; empty for a name and password with the request
         */
        record Known(Account account, Optional<Long> device) implements Decision {}

        /**
         * @param status to answer: 401, 403, 429 or 503
         * @param challenges the values of WWW-Authenticate; none that makes a browser ask for a password behind a page's back
         * @param text for people
         */
        record Refused(int status, List<String> challenges, Optional<Duration> retryAfter, String text) implements Decision {
            public Refused {
                challenges = List.copyOf(challenges);
            }
        }
    }

    /** Decides; a failure of the disk is 503. */
    public Decision decide(Request request) {
        try {
            String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
            if (authorization == null) {
                return byCookie(request);
            }
            if (!confidential(request)) {
                return new Decision.Refused(FORBIDDEN, List.of(), Optional.empty(), "Use https");
            }
            String scheme = authorization.toLowerCase(Locale.ROOT);
            if (scheme.startsWith(BEARER)) {
                String token = authorization.substring(BEARER.length()).strip();
                return known(tokens.byAccessToken(token, client(request)))
                        .orElseGet(() -> refused(List.of("Bearer error=\"invalid_token\""), "The access token is not good, or no longer"));
            }
            return scheme.startsWith(BASIC) ? byPassword(request, authorization.substring(BASIC.length()).strip()) : missing(request);
        } catch (IOException e) {
            log.error("auth.unavailable", e, "client", client(request).getHostAddress());
            return unavailable();
        }
    }

    /** Whether what the client says is secret on the way here. */
    public static boolean confidential(Request request) {
        return request.isSecure() || client(request).isLoopbackAddress();
    }

    /** The client's address: behind a configured proxy, the one that it names. */
    public static InetAddress client(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress internet
                ? internet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** The secret in the cookie of our own making, if the request has one. */
    public static Optional<String> cookie(Request request) {
        String name = request.isSecure() ? SECURE_COOKIE : LOOPBACK_COOKIE;
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    /** Whether the request changes nothing, or was sent by one of our pages. */
    public static boolean ownPage(Request request, String cookie) {
        if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            return true;
        }
        String shown = request.getHeaders().get(CSRF_HEADER);
        return shown != null && MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8), AccessTokens.csrf(cookie).getBytes(StandardCharsets.UTF_8));
    }

    private Decision byCookie(Request request) throws IOException {
        Optional<String> cookie = cookie(request);
        if (cookie.isEmpty() || !confidential(request)) {
            return missing(request);
        }
        Optional<Decision> known = known(tokens.byCookie(cookie.get(), client(request)));
        if (known.isPresent() && !ownPage(request, cookie.get())) {
            return new Decision.Refused(FORBIDDEN, List.of(), Optional.empty(), "The header " + CSRF_HEADER + " is missing or wrong");
        }
        return known.orElseGet(() -> missing(request));
    }

    private Decision byPassword(Request request, String credentials) throws IOException {
        Optional<String> pair = decoded(credentials);
        int colon = pair.map(text -> text.indexOf(':')).orElse(-1);
        if (pair.isEmpty() || colon < 0) {
            return missing(request);
        }
        Outcome outcome = authenticator.verify(pair.get().substring(0, colon), pair.get().substring(colon + 1), client(request));
        if (!(outcome instanceof Outcome.Success success)) {
            return refused(outcome, challenges(request));
        }
        return accounts.find(LocalPart.parse(success.account()))
                .<Decision>map(account -> new Decision.Known(account, Optional.empty()))
                .orElseGet(() -> missing(request));
    }

    /** How a failed sign-in is told, also where the password came otherwise. */
    public static Decision.Refused refused(Outcome outcome, List<String> challenges) {
        return switch (outcome) {
            case Outcome.LockedOut locked -> new Decision.Refused(
                    TOO_MANY_REQUESTS, List.of(), Optional.of(locked.retryAfter()), "Too many failed logins; try again later");
            case Outcome.Unavailable _ -> unavailable();
            case Outcome.Rejected _, Outcome.Success _ -> refused(challenges, "Name or password is wrong");
        };
    }

    private static Decision.Refused refused(List<String> challenges, String text) {
        return new Decision.Refused(UNAUTHORIZED, challenges, Optional.empty(), text);
    }

    private static Decision.Refused unavailable() {
        return new Decision.Refused(UNAVAILABLE, List.of(), Optional.empty(), "Temporary failure; try again");
    }

    private static Decision missing(Request request) {
        return refused(challenges(request), "Sign in");
    }

    /** A page's own requests get no challenge that the browser would answer with a window asking for a password. */
    private static List<String> challenges(Request request) {
        String mode = request.getHeaders().get("Sec-Fetch-Mode");
        boolean script = (mode != null && !mode.equals("navigate")) || cookie(request).isPresent();
        return script ? List.of("Bearer") : List.of("Basic realm=\"mail\", charset=\"UTF-8\"", "Bearer");
    }

    private Optional<Decision> known(Optional<AccessTokens.Signed> signed) throws IOException {
        if (signed.isEmpty()) {
            return Optional.empty();
        }
        return accounts.find(LocalPart.parse(signed.get().username()))
                .map(account -> new Decision.Known(account, Optional.of(signed.get().device())));
    }

    private static Optional<String> decoded(String base64) {
        try {
            byte[] octets = Base64.getDecoder().decode(base64);
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
