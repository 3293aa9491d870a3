package io.mailserver.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Chromium without a display, steered by its own DevTools protocol (docs/decisions/0821). Closed by the test. */
final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long SECONDS = 60;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    private Chromium(Process process, String address) throws Exception {
        this.process = process;
        socket = http.newWebSocketBuilder().buildAsync(URI.create(address), new Frames()).get(SECONDS, TimeUnit.SECONDS);
    }

    /** @param folder for its profile, fresh */
    static Chromium start(Path folder) throws Exception {
        Process process = Program.require("chromium", "chromium").start(Map.of("HOME", folder.toString()), "--headless", "--no-sandbox",
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US",
                "--remote-debugging-port=0", "--user-data-dir=" + folder.resolve("profile"), "about:blank");
        try {
            return new Chromium(process, address(process).get(SECONDS, TimeUnit.SECONDS));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** It says where it listens, and goes on talking, which must be read. */
    private static CompletableFuture<String> address(Process process) {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            StringBuilder said = new StringBuilder();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    int at = line.indexOf("ws://");
                    if (at >= 0) {
                        address.complete(line.substring(at).strip());
                    }
                    said.append(line).append('\n');
                }
                address.completeExceptionally(new IOException("chromium ended: " + said));
            } catch (IOException e) {
                address.completeExceptionally(e);
            }
        });
        return address;
    }

    /** A window of its own cookies. */
    Page open(int width, int height) throws Exception {
        String context = call("", "Target.createBrowserContext", Map.of()).get("browserContextId").asString();
        String target = call("", "Target.createTarget",
                Map.of("url", "about:blank", "browserContextId", context, "width", width, "height", height)).get("targetId").asString();
        String session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true)).get("sessionId").asString();
        Page page = new Page(session);
        pages.put(session, page);
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(session, domain + ".enable", Map.of());
        }
        page.size(width, height, false);
        return page;
    }

    private JsonNode call(String session, String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Map<String, Object> message = session.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
        socket.sendText(JSON.writeValueAsString(message), true).get(SECONDS, TimeUnit.SECONDS);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    private void received(JsonNode message) {
        JsonNode id = message.get("id");
        if (id == null) {
            Page page = pages.get(message.path("sessionId").asString(""));
            if (page != null) {
                page.happened(message.get("method").asString(), message.get("params"));
            }
            return;
        }
        CompletableFuture<JsonNode> answer = waiting.remove(id.asInt());
        if (answer != null && message.has("error")) {
            answer.completeExceptionally(new AssertionError(message.get("error").toString()));
        } else if (answer != null) {
            answer.complete(message.get("result"));
        }
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                received(message);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** A window; everything that was asked for and that went wrong in it is remembered. */
    final class Page {
        private final String session;
        /** Every URL that the page or a frame in it asked for. */
        final List<String> requests = new CopyOnWriteArrayList<>();
        /** Exceptions, and errors on the console. */
        final List<String> errors = new CopyOnWriteArrayList<>();

        private volatile int patience = 20;

        private Page(String session) {
            this.session = session;
        }

        private void happened(String event, JsonNode parameters) {
            switch (event) {
                case "Network.requestWillBeSent" -> requests.add(parameters.at("/request/url").asString());
                case "Runtime.exceptionThrown" -> errors.add(parameters.get("exceptionDetails").toString());
                case "Log.entryAdded" -> {
                    if (parameters.at("/entry/level").asString().equals("error")) {
                        errors.add(parameters.at("/entry/text").asString() + " " + parameters.at("/entry/url").asString(""));
                    }
                }
                default -> { }
            }
        }

        void size(int width, int height, boolean phone) throws Exception {
            call(session, "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
        }

        void dark(boolean dark) throws Exception {
            call(session, "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        }

        /** Four times slower, behind a line of 1.6 Mbit/s and 150 ms, with nothing cached; or as it is. */
        void slow(boolean slow) throws Exception {
            call(session, "Emulation.setCPUThrottlingRate", Map.of("rate", slow ? 4 : 1));
            call(session, "Network.setCacheDisabled", Map.of("cacheDisabled", slow));
            call(session, "Network.emulateNetworkConditions", Map.of("offline", false, "latency", slow ? 150 : 0,
                    "downloadThroughput", slow ? 200_000 : -1, "uploadThroughput", slow ? 93_750 : -1));
        }

        /** Begins to go to a page, and does not wait for it. */
        void begin(String url) throws Exception {
            call(session, "Page.navigate", Map.of("url", url));
        }

        /** How many seconds what is waited for may take from now on. */
        void patience(int seconds) {
            patience = seconds;
        }

        /** A number, as soon as the expression is one. */
        double measure(String expression) throws Exception {
            return found(expression).asDouble();
        }

        void offline(boolean offline) throws Exception {
            call(session, "Network.emulateNetworkConditions",
                    Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        }

        void go(String url) throws Exception {
            call(session, "Page.navigate", Map.of("url", url));
            waitFor("document.readyState === 'complete' && location.href !== 'about:blank'");
        }

        /** The value of an expression; a promise is waited for. */
        JsonNode value(String expression) throws Exception {
            JsonNode result = call(session, "Runtime.evaluate",
                    Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
            if (result.has("exceptionDetails")) {
                throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
            }
            return result.at("/result/value");
        }

        /** Returns when an expression is true; the page itself looks. */
        void waitFor(String expression) throws Exception {
            try {
                found("Boolean(" + expression + ")");
            } catch (ExecutionException e) {
                if (!String.valueOf(e.getMessage()).contains("navigated or closed")) {
                    throw e;
                }
                // The page that looked made room for another one, as when somebody signs out: that one looks on.
                found("Boolean(" + expression + ")");
            }
        }

        /** The value of an expression as soon as it is one. */
        private JsonNode found(String expression) throws Exception {
            for (int tries = 0; ; tries++) {
                try {
                    return look(expression);
                } catch (ExecutionException e) {
                    // The page that looked is gone: the next one looks.
                    if (tries == 5 || !String.valueOf(e.getMessage()).contains("navigated")) {
                        throw e;
                    }
                }
            }
        }

        private JsonNode look(String expression) throws Exception {
            try {
                return value("""
                        new Promise((found, gone) => {
                          const end = Date.now() + %d;
                          (function look() {
                            let is = null;
                            try { is = %s; } catch { }
                            if (is) found(is); else if (Date.now() > end) gone(new Error("in vain")); else setTimeout(look, 25);
                          })();
                        })""".formatted(patience * 1000, expression));
            } catch (AssertionError e) {
                throw new AssertionError("waited in vain for " + expression + "; errors: " + errors + "; the page says: "
                        + value("document.body.innerText.slice(0, 2000)").asString(""), e);
            }
        }

        void waitForText(String selector, String text) throws Exception {
            waitFor("[...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))".formatted(quoted(selector), quoted(text)));
        }

        /** Clicks the first that a selector finds and that holds a text, as a mouse does. */
        void click(String selector, String text) throws Exception {
            // Where it has been for three looks, and where nothing covers it: what moves is not hit.
            JsonNode place = found("""
                    (() => {
                      const e = [...document.querySelectorAll(%s)].find(e => e.textContent.includes(%s));
                      e?.scrollIntoView({block: 'nearest'});
                      const r = e?.getBoundingClientRect();
                      const place = r && r.width > 0 ? [r.left + r.width / 2, r.top + r.height / 2] : null;
                      const still = place && String(place) === String(window.testPlace?.at) && window.testPlace.of === e;
                      window.testPlace = {of: e, at: place, looks: still ? window.testPlace.looks + 1 : 0};
                      const hit = place && document.elementFromPoint(...place);
                      return still && window.testPlace.looks >= 3 && hit && (e.contains(hit) || hit.contains(e)) && place;
                    })()""".formatted(quoted(selector), quoted(text)));
            for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
                call(session, "Input.dispatchMouseEvent", Map.of("type", type, "x", place.get(0).asDouble(), "y", place.get(1).asDouble(),
                        "button", type.equals("mouseMoved") ? "none" : "left", "clickCount", type.equals("mouseMoved") ? 0 : 1));
            }
        }

        void click(String selector) throws Exception {
            click(selector, "");
        }

        /** Types into what has the focus. */
        void type(String text) throws Exception {
            call(session, "Input.insertText", Map.of("text", text));
        }

        /** A key such as {@code j}, {@code Enter}, {@code Escape}. */
        void press(String key) throws Exception {
            boolean letter = key.length() == 1;
            int code = switch (key) {
                case "Enter" -> 13;
                case "Escape" -> 27;
                case "Tab" -> 9;
                default -> Character.toUpperCase(key.charAt(0));
            };
            String text = key.equals("Enter") ? "\r" : letter ? key : "";
            call(session, "Input.dispatchKeyEvent", Map.of("type", text.isEmpty() ? "rawKeyDown" : "keyDown", "key", key, "text", text,
                    "windowsVirtualKeyCode", code));
            call(session, "Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
        }

        /** Chooses files for an input. */
        void choose(String selector, Path... files) throws Exception {
            String object = call(session, "Runtime.evaluate", Map.of("expression", "document.querySelector(" + quoted(selector) + ")"))
                    .at("/result/objectId").asString();
            call(session, "DOM.setFileInputFiles",
                    Map.of("objectId", object, "files", List.of(files).stream().map(Path::toString).toList()));
        }

        void screenshot(Path file) throws Exception {
            Files.createDirectories(file.getParent());
            String data = call(session, "Page.captureScreenshot", Map.of("format", "png")).get("data").asString();
            Files.write(file, Base64.getDecoder().decode(data));
        }
    }

    static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }
}
