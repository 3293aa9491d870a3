package io.mailserver.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webmail's files as a browser gets them. */
class WebmailTest {
    private static final int FIRST_SCREEN_OCTETS = 150_000;
    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"");

    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);

    @BeforeEach
    void start() throws Exception {
        Optional<Webmail> webmail = Webmail.bundled();
        assumeTrue(webmail.isPresent(), "needs esbuild for this machine (docs/webmail.md)");
        server.addConnector(connector);
        server.setHandler(webmail.orElseThrow());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void thePageForbidsWhatIsNotOurs() throws Exception {
        String page = get("/", "");
        assertThat(page).startsWith("HTTP/1.1 200").contains("Content-Type: text/html;charset=utf-8", "Cache-Control: no-cache",
                "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: DENY");
        assertThat(policy(page)).startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(page).doesNotContainPattern("<script(?![^>]* src=\"/assets/)").doesNotContain("style=");
    }

    @Test
    void placesInsideThePageAreThePage() throws Exception {
        String page = get("/", "");
        for (String path : new String[] {"/mail/inbox", "/mail/inbox/T1?q=a", "/settings/look", "/mail"}) {
            String place = get(path, "");
            assertThat(header(place, "ETag")).as(path).isEqualTo(header(page, "ETag"));
            assertThat(body(place)).as(path).isEqualTo(body(page));
        }
        for (String path : new String[] {"/mailbox", "/assets/", "/assets/none.js", "/assets.txt", "/index", "/favicon.ico"}) {
            assertThat(get(path, "")).as(path).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void noPathLeavesTheList() throws Exception {
        for (String path : new String[] {"/../pom.xml", "/assets/../assets.txt", "/%2e%2e/io/mailserver/app/Main.class",
            "/mail/../assets.txt", "/assets/%2e%2e/assets.txt", "//assets.txt", "/assets.txt%00.js", "/index.html.gz",
            "/..%2fassets.txt"}) {
            assertThat(get(path, "")).as(path).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void whatHasAHashStaysForEver() throws Exception {
        Matcher asset = ASSET.matcher(get("/", ""));
        int seen = 0;
        while (asset.find()) {
            assertThat(get(asset.group(1), "")).contains("Cache-Control: public, max-age=31536000, immutable");
            seen++;
        }
        assertThat(seen).isGreaterThanOrEqualTo(2);
    }

    @Test
    void gzipOnlyForThoseWhoTakeIt() throws Exception {
        String plain = get("/", "");
        assertThat(plain).doesNotContain("Content-Encoding").contains("Vary: Accept-Encoding");
        assertThat(get("/", "Accept-Encoding: gzip;q=0\r\n")).doesNotContain("Content-Encoding");
        String answer = get("/", "Accept-Encoding: br, gzip\r\n");
        assertThat(answer).contains("Content-Encoding: gzip");
        byte[] body = body(answer).getBytes(StandardCharsets.ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo(body(plain));
        }
    }

    @Test
    void aKnownTagIsNotSentAgain() throws Exception {
        String tag = header(get("/", ""), "ETag");
        assertThat(get("/", "If-None-Match: \"other\", W/" + tag + "\r\n")).startsWith("HTTP/1.1 304");
        assertThat(get("/", "If-None-Match: " + tag + "\r\nAccept-Encoding: gzip\r\n")).as("another representation")
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void headIsGetWithoutItsBody() throws Exception {
        String head = ask("HEAD", "/", "");
        assertThat(header(head, "Content-Length")).isEqualTo(header(get("/", ""), "Content-Length"));
        assertThat(body(head)).isEmpty();
        assertThat(ask("POST", "/", "Content-Length: 0\r\n")).startsWith("HTTP/1.1 405").contains("Allow: GET, HEAD");
    }

    @Test
    void theFramesOfMessagesRunNothing() throws Exception {
        String frame = policy(get("/frame.html", ""));
        assertThat(frame).startsWith("default-src 'none'")
                .contains("sandbox allow-same-origin", "frame-ancestors 'self'", "form-action 'none'")
                .doesNotContain("script", "http");
        assertThat(policy(get("/frame-pictures.html", ""))).isEqualTo(frame + " https: http:");
    }

    @Test
    void theFirstScreenIsSmall() throws Exception {
        String page = get("/", "Accept-Encoding: gzip\r\n");
        int octets = body(page).length();
        Set<String> assets = new TreeSet<>();
        Matcher asset = ASSET.matcher(get("/", ""));
        while (asset.find()) {
            assets.add(asset.group(1));
        }
        for (String each : assets) {
            octets += Integer.parseInt(header(get(each, "Accept-Encoding: gzip\r\n"), "Content-Length"));
        }
        // The scripts that the first one imports are asked for with it: each is one journey less on a slow line.
        Matcher imported = Pattern.compile("from\"\\./([^\"]+)\"|import\"\\./([^\"]+)\"").matcher(firstScript());
        while (imported.find()) {
            String name = imported.group(1) == null ? imported.group(2) : imported.group(1);
            assertThat(assets).contains("/assets/" + name);
        }
        assertThat(octets).isLessThan(FIRST_SCREEN_OCTETS);
    }

    private String firstScript() throws Exception {
        Matcher script = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"").matcher(get("/", ""));
        assertThat(script.find()).isTrue();
        return body(get(script.group(1), ""));
    }

    private String get(String path, String headers) throws Exception {
        return ask("GET", path, headers);
    }

    private String ask(String method, String path, String headers) throws Exception {
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
        byte[] octets = request.getBytes(StandardCharsets.ISO_8859_1);
        return StandardCharsets.ISO_8859_1.decode(connector.getResponse(ByteBuffer.wrap(octets))).toString();
    }

    private static String policy(String answer) {
        return header(answer, "Content-Security-Policy");
    }

    private static String header(String answer, String name) {
        return answer.lines().takeWhile(line -> !line.isEmpty()).filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2)).findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing: " + answer));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
