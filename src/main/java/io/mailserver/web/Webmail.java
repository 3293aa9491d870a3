package io.mailserver.web;

import io.mailserver.net.HttpMount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves the webmail's files: names with a hash for ever, the page itself asked for again each time. {@code /mail/…},
 * {@code /settings/…} and {@code /welcome} are places inside the page. A path that is not ours is not handled, so that others may answer.
 *
 * <p>Immutable, safe for use by any thread; a request may block on reading the jar.
 */
public final class Webmail extends Handler.Abstract {
    private static final String FOLDER = "/web/";
    private static final String LIST = "assets.txt";
    private static final String PAGE = "index.html";
    private static final List<String> PLACES = List.of("/mail", "/settings", "/welcome");

    /** Pictures as blob: are attachments shown, data: what is being pasted; frames are our own pages and a PDF as blob:. */
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
            + "font-src 'self'; connect-src 'self'; media-src blob:; frame-src 'self' blob:; manifest-src 'self'; form-action 'none'; "
            + "base-uri 'none'; frame-ancestors 'none'";
    /** The page around a message's HTML: no script in any case; styles may stand in the message. */
    private static final String FRAME_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
            + "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; img-src 'self' data:";
    private static final Map<String, String> FRAMES = Map.of(
            "frame.html", FRAME_POLICY,
            "frame-pictures.html", FRAME_POLICY + " https: http:");

    private static final List<HttpField> ALWAYS = List.of(
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("Referrer-Policy", "no-referrer"),
            new HttpField("Cross-Origin-Opener-Policy", "same-origin"),
            new HttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new HttpField("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
            new HttpField("Vary", "Accept-Encoding"));

    private final Map<String, Asset> assets;

    /** A line of the build's list. */
    private record Asset(String name, String type, int octets, String hash, boolean packed) {
        static Asset of(String line) {
            String[] words = line.split(" ", -1);
            if (words.length != 5) {
                throw new IllegalStateException("not a line of " + LIST + ": " + line);
            }
            return new Asset(words[0], words[1], Integer.parseInt(words[2]), words[3], words[4].equals("gzip"));
        }

        /** Whether its name changes with its octets. */
        boolean named() {
            return name.startsWith("assets/");
        }
    }

    private Webmail(Map<String, Asset> assets) {
        this.assets = Map.copyOf(assets);
    }

    /** The webmail of this build; empty where the build machine had no bundler. */
    public static Optional<Webmail> bundled() {
        Map<String, Asset> assets = new HashMap<>();
        try (InputStream list = Webmail.class.getResourceAsStream(FOLDER + LIST)) {
            if (list == null) {
                return Optional.empty();
            }
            new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().map(Asset::of)
                    .forEach(asset -> assets.put(asset.name(), asset));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + LIST, e);
        }
        return Optional.of(new Webmail(assets));
    }

    /** To be mounted wherever people sign in. */
    public HttpMount mount() {
        return new HttpMount("/", 0, this);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        Asset asset = assets.get(nameOf(Request.getPathInContext(request)));
        if (asset == null) {
            return false;
        }
        ALWAYS.forEach(response.getHeaders()::put);
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        if (!head && !HttpMethod.GET.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            return true;
        }
        boolean packed = asset.packed() && takesGzip(request);
        // Strong validators differ between representations (RFC 9110 §8.8.3.3).
        String tag = '"' + asset.hash() + (packed ? "-gzip" : "") + '"';
        describe(asset, tag, response);
        if (knows(request, tag)) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            callback.succeeded();
            return true;
        }
        byte[] octets = octets(asset, packed);
        if (packed) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, octets.length);
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(octets), callback);
        return true;
    }

    private static String nameOf(String path) {
        boolean place = path.equals("/") || PLACES.stream().anyMatch(name -> path.equals(name) || path.startsWith(name + "/"));
        return place ? PAGE : path.substring(Math.min(1, path.length()));
    }

    private static void describe(Asset asset, String tag, Response response) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, asset.type());
        response.getHeaders().put(HttpHeader.ETAG, tag);
        // RFC 8246 §2: what carries its hash in its name never changes.
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, asset.named() ? "public, max-age=31536000, immutable" : "no-cache");
        response.getHeaders().put("Content-Security-Policy", FRAMES.getOrDefault(asset.name(), PAGE_POLICY));
        if (asset.name().equals(PAGE)) {
            response.getHeaders().put("X-Frame-Options", "DENY");
        }
    }

    /** RFC 9110 §12.5.3: gzip named, or everything, and not with a weight of 0. */
    private static boolean takesGzip(Request request) {
        QuotedQualityCSV accepted = new QuotedQualityCSV();
        request.getHeaders().getValuesList(HttpHeader.ACCEPT_ENCODING).forEach(accepted::addValue);
        return accepted.getValues().stream().anyMatch(coding -> coding.equalsIgnoreCase("gzip") || coding.equals("*"));
    }

    /** RFC 9110 §13.1.2: weak comparison with each of the list. */
    private static boolean knows(Request request, String tag) {
        return request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(value -> value.strip().replaceFirst("^W/", ""))
                .anyMatch(value -> value.equals("*") || value.equals(tag));
    }

    private static byte[] octets(Asset asset, boolean packed) throws IOException {
        String name = FOLDER + asset.name() + (packed ? ".gz" : "");
        try (InputStream in = Webmail.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the build listed " + name + " and left it out");
            }
            return in.readAllBytes();
        }
    }
}
