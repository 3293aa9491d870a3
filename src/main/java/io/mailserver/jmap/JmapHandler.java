package io.mailserver.jmap;

import io.mailserver.account.RequestLogin;
import io.mailserver.account.RequestLogin.Decision;
import io.mailserver.jmap.Api.RequestException;
import io.mailserver.store.AccountKey;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * JMAP over HTTP (RFC 8620 §2, §3.1, §6): the session resource, the API, uploads and downloads. Each request runs on a thread of
 * its own and blocks.
 */
public final class JmapHandler implements Request.Handler {
    /** RFC 8620 §2.2 */
    public static final String WELL_KNOWN = "/.well-known/jmap";

    static final String PREFIX = "/jmap/";
    static final String API = PREFIX + "api";
    static final String UPLOAD = PREFIX + "upload";
    static final String DOWNLOAD = PREFIX + "download";
    static final String EVENTS = PREFIX + "events";

    private static final int UNAUTHORIZED = 401;

    /** What the server sends with everything that is somebody's. */
    private static final String NOT_STORED = "no-cache, no-store, must-revalidate";

    private final Function<Request, Decision> logins;
    private final Api api;
    private final SessionResource sessions;
    private final JmapServices services;
    private final EventSource events;
    private final Turnstile requests = new Turnstile();
    private final Turnstile uploads = new Turnstile();

    /**
     * @param logins who asks
     */
    public JmapHandler(
            Function<Request, Decision> logins,
            Api api,
            SessionResource sessions,
            StateChanges changes,
            JmapServices services) {
        this.logins = logins;
        this.api = api;
        this.sessions = sessions;
        this.services = services;
        this.events = new EventSource(services, changes);
    }

    /** Whether a path is one of JMAP's. */
    public static boolean handles(String path) {
        return path.equals(WELL_KNOWN) || path.startsWith(PREFIX);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (!handles(path)) {
            return false;
        }
        switch (logins.apply(request)) {
            case Decision.Refused refused -> refuse(refused, response, callback);
            case Decision.Known known -> {
                try {
                    answer(JmapUser.of(known.account(), known.device(), RequestLogin.client(request)), path, request, response, callback);
                } catch (RequestException e) {
                    json(response, callback, e.status(), e.problem(), "application/problem+json");
                }
            }
        }
        return true;
    }

    /** Whether a long answer may go on: not for a device that was revoked since, nor for a password that was changed. */
    private boolean isStillIn(Request request) {
        return !(logins.apply(request) instanceof Decision.Refused refused && refused.status() == UNAUTHORIZED);
    }

    private static void refuse(Decision.Refused refused, Response response, Callback callback) {
        refused.challenges().forEach(challenge -> response.getHeaders().add(HttpHeader.WWW_AUTHENTICATE, challenge));
        refused.retryAfter().ifPresent(wait -> response.getHeaders().put(HttpHeader.RETRY_AFTER, wait.toSeconds()));
        problem(response, callback, refused.status(), refused.text());
    }

    /** What the client reaches this server by. */
    private static String base(Request request) {
        return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
    }

    private void answer(JmapUser user, String path, Request request, Response response, Callback callback)
            throws RequestException, IOException {
        String method = request.getMethod();
        boolean get = HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
        boolean post = HttpMethod.POST.is(method);
        if (get && (path.equals(WELL_KNOWN) || path.equals(PREFIX + "session"))) {
            json(response, callback, 200, sessions.of(user, base(request)), "application/json");
        } else if (post && path.equals(API)) {
            api(user, request, response, callback);
        } else if (post && path.startsWith(UPLOAD + "/")) {
            upload(user, path.substring(UPLOAD.length() + 1), request, response, callback);
        } else if (get && path.startsWith(DOWNLOAD + "/")) {
            download(user, request, response, callback);
        } else if (get && path.equals(EVENTS)) {
            events.answer(user, request, () -> isStillIn(request), response, callback);
        } else {
            boolean known = path.equals(WELL_KNOWN) || path.equals(API) || path.equals(EVENTS)
                    || path.startsWith(UPLOAD + "/") || path.startsWith(DOWNLOAD + "/");
            problem(response, callback, known ? 405 : 404, known ? "not with this method" : "nothing is here");
        }
    }

    private void api(JmapUser user, Request request, Response response, Callback callback) throws RequestException, IOException {
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new RequestException(400, "notJSON", "the Content-Type must be application/json");
        }
        int concurrent = services.config().maxConcurrentRequests();
        if (!requests.enter(user.account(), concurrent)) {
            throw RequestException.limit(429, "maxConcurrentRequests", "at most " + concurrent + " requests at a time");
        }
        try {
            json(response, callback, 200, api.answer(user, body(request)), "application/json");
        } finally {
            requests.leave(user.account());
        }
    }

    private byte[] body(Request request) throws RequestException, IOException {
        long limit = services.config().maxSizeRequest().octets();
        boolean tooLarge = request.getLength() > limit;
        if (!tooLarge) {
            try (InputStream in = Content.Source.asInputStream(request)) {
                byte[] octets = in.readNBytes((int) limit + 1);
                tooLarge = octets.length > limit;
                if (!tooLarge) {
                    return octets;
                }
            }
        }
        throw RequestException.limit(413, "maxSizeRequest", "at most " + limit + " octets");
    }

    /** RFC 8620 §6.1. */
    private void upload(JmapUser user, String accountId, Request request, Response response, Callback callback)
            throws RequestException, IOException {
        AccountKey account = user.account();
        if (!accountId.equals(user.accountId())) {
            problem(response, callback, 404, "there is no such account");
            return;
        }
        long limit = services.config().maxSizeUpload().octets();
        if (request.getLength() > limit) {
            throw RequestException.limit(413, "maxSizeUpload", "at most " + limit + " octets");
        }
        int concurrent = services.config().maxConcurrentUpload();
        if (!uploads.enter(account, concurrent)) {
            throw RequestException.limit(429, "maxConcurrentUpload", "at most " + concurrent + " uploads at a time");
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            Uploads.Stored stored = services.uploads().store(account, in);
            String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("application/octet-stream");
            json(response, callback, 201, Json.object()
                    .put("accountId", accountId)
                    .put("blobId", stored.blobId())
                    .put("type", type)
                    .put("size", stored.size()), "application/json");
        } catch (Uploads.TooLargeException e) {
            throw RequestException.limit(413, "maxSizeUpload", "at most " + limit + " octets");
        } finally {
            uploads.leave(account);
        }
    }

    /** RFC 8620 §6.2. The path: account, blob, name. */
    private void download(JmapUser user, Request request, Response response, Callback callback) throws IOException {
        String[] parts = request.getHttpURI().getCanonicalPath() == null
                ? new String[0]
                : request.getHttpURI().getPath().substring(DOWNLOAD.length() + 1).split("/", 3);
        if (parts.length < 3 || !decode(parts[0]).equals(user.accountId())) {
            problem(response, callback, 404, "there is no such blob");
            return;
        }
        Fields query = Request.extractQueryParameters(request);
        String type = mediaType(query.getValue("accept"));
        try (Exchange exchange = new Exchange(user, services)) {
            Optional<Blob> found = Blob.open(exchange.account(user.accountId()), decode(parts[1]));
            if (found.isEmpty()) {
                problem(response, callback, 404, "there is no such blob");
                return;
            }
            try (Blob blob = found.get()) {
                response.setStatus(200);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''"
                        + URLEncoder.encode(decode(parts[2]), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A"));
                // The octets never change; only this user may see them.
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, immutable, max-age=31536000");
                // Mail of strangers: it must not run, whatever the client asks it to be taken for.
                response.getHeaders().put("X-Content-Type-Options", "nosniff");
                response.getHeaders().put("Content-Security-Policy", "default-src 'none'; sandbox");
                try (InputStream in = blob.open(); OutputStream out = Content.Sink.asOutputStream(response)) {
                    in.transferTo(out);
                }
                callback.succeeded();
            }
        } catch (StoreException | MethodException e) {
            problem(response, callback, 503, "not now; try again later");
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // No text of ours.
        }
    }

    /** Only what is a media type goes into a header. */
    private static String mediaType(@Nullable String wanted) {
        boolean valid = wanted != null && wanted.length() <= 200 && wanted.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+");
        return valid && wanted != null ? wanted : "application/octet-stream";
    }

    static void problem(Response response, Callback callback, int status, String detail) {
        json(response, callback, status,
                Json.object().put("type", "about:blank").put("status", status).put("detail", detail), "application/problem+json");
    }

    static void json(Response response, Callback callback, int status, ObjectNode node, String type) {
        byte[] octets = Json.octets(node);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, NOT_STORED);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, octets.length);
        response.write(true, ByteBuffer.wrap(octets), callback);
    }
}
