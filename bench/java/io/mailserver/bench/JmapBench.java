package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JMAP as a client on loopback sees it, warm: medians of single requests one after the other, over one connection. */
final class JmapBench {
    private static final int WARM = 400;
    private static final int TIMES = 101;
    private static final int USERS = 20;
    private static final int FIRST_SOURCES = 200;
    private static final long SETTLING_NANOS = 20_000_000_000L;
    private static final String LIST = "\"threadId\",\"mailboxIds\",\"keywords\",\"from\","
            + "\"to\",\"subject\",\"receivedAt\",\"preview\",\"hasAttachment\"";
    private static final Pattern STATE = Pattern.compile("\"(?:newState|state|queryState)\":\"([0-9]+)\"");
    private static final Pattern FIRST_ID = Pattern.compile("\"ids\":\\[\"([a-z0-9]+)\"", Pattern.CASE_INSENSITIVE);

    private final OurImapServer server;
    private final int messages;
    private final Time time;
    private final PrintStream out;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Goal> goals = new ArrayList<>();

    JmapBench(OurImapServer server, int messages, Time time, PrintStream out) {
        this.server = server;
        this.messages = messages;
        this.time = time;
        this.out = out;
    }

    /** Measures and prints; {@code sources} event sources are open at once, 0 for none. */
    boolean run(int sources) throws IOException, InterruptedException {
        out.printf("%-60s %10s %10s%n", "cell", "p50", "p99");
        if (sources > 0) {
            eventSources(sources);
        }
        ImapLoad load = new ImapLoad(new Corpus(1), time);
        long start = time.nanos();
        load.fill(server, 1, messages);
        out.printf("(%d messages appended in %.1f s)%n", messages, load.seconds(start));
        String inbox = first(FIRST_ID, call("[\"Mailbox/query\",{\"accountId\":\"ACCOUNT\",\"filter\":{\"role\":\"inbox\"}},\"m\"]"));
        String here = "\"filter\":{\"inMailbox\":\"" + inbox + "\"},";
        String newest = "\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}],";
        query("Email/query and get of 50, by receivedAt", 20, here + newest, 0);
        query("the same, in threads", 20, here + newest + "\"collapseThreads\":true,", 0);
        query("the same, from the middle on", 20, here + newest + "\"collapseThreads\":true,", messages / 2);
        query("Email/query and get of 50, by subject", Double.NaN, here + "\"sort\":[{\"property\":\"subject\"}],", 0);
        query("Email/query and get of 50, unread", 20, "\"filter\":{\"notKeyword\":\"$seen\"}," + newest, 0);
        sync(here + newest + "\"limit\":1", newest);
        push();
        out.println();
        goals.forEach(out::println);
        return true;
    }

    private void query(String name, double goal, String question, int position) throws IOException, InterruptedException {
        String calls = "[\"Email/query\",{\"accountId\":\"ACCOUNT\"," + question + "\"limit\":50,\"position\":" + position + "},\"q\"],"
                + "[\"Email/get\",{\"accountId\":\"ACCOUNT\",\"#ids\":{\"resultOf\":\"q\",\"name\":\"Email/query\",\"path\":\"/ids\"},"
                + "\"properties\":[" + LIST + "]},\"g\"]";
        boolean slow = Double.isNaN(goal);
        for (int i = 0; i < (slow ? 3 : WARM); i++) {
            call(calls);
        }
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < (slow ? 5 : TIMES); i++) {
            long start = time.nanos();
            call(calls);
            millis.add(millis(start));
        }
        report(name, "ms", goal, millis);
    }

    /** What a client does when it hears of one change. */
    private void sync(String question, String newest) throws IOException, InterruptedException {
        String answer = call("[\"Email/query\",{\"accountId\":\"ACCOUNT\"," + question + "},\"q\"]");
        String email = first(FIRST_ID, answer);
        String state = first(STATE, answer);
        List<Double> millis = new ArrayList<>();
        List<Double> withQuery = new ArrayList<>();
        for (int i = 0; i < WARM + TIMES; i++) {
            call("[\"Email/set\",{\"accountId\":\"ACCOUNT\",\"update\":{\"" + email + "\":{\"keywords/$flagged\":"
                    + (i % 2 == 0 ? "true" : "null") + "}}},\"s\"]");
            String changes = "[\"Mailbox/changes\",{\"accountId\":\"ACCOUNT\",\"sinceState\":\"" + state + "\"},\"m\"],"
                    + "[\"Email/changes\",{\"accountId\":\"ACCOUNT\",\"sinceState\":\"" + state + "\"},\"c\"],"
                    + "[\"Email/get\",{\"accountId\":\"ACCOUNT\",\"#ids\":{\"resultOf\":\"c\",\"name\":\"Email/changes\","
                    + "\"path\":\"/updated\"},"
                    + "\"properties\":[" + LIST + "]},\"g\"]";
            long start = time.nanos();
            String told = call(changes);
            double took = millis(start);
            if (!told.contains(email)) {
                throw new IOException("the change was not told: " + told);
            }
            start = time.nanos();
            call("[\"Email/queryChanges\",{\"accountId\":\"ACCOUNT\"," + newest + "\"sinceQueryState\":\"" + state + "\"},\"q\"]");
            double query = millis(start);
            state = first(STATE, told.substring(told.indexOf("Email/changes")));
            if (i >= WARM) {
                millis.add(took);
                withQuery.add(query);
            }
        }
        report("sync after one change: changes of Mailbox, Email, get", "ms", 5, millis);
        report("Email/queryChanges after one change", "ms", Double.NaN, withQuery);
    }

    /** From the end of a message at the SMTP door to the event at an open event source. */
    private void push() throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (Events events = new Events(1); SmtpLine smtp = new SmtpLine(server.smtp())) {
            for (int i = 0; i < 20 + TIMES; i++) {
                smtp.begin(i);
                long start = time.nanos();
                smtp.end();
                events.awaitState();
                if (i >= 20) {
                    millis.add(millis(start));
                }
            }
        }
        report("push: from the end of DATA to the event", "ms", 50, millis);
    }

    private void eventSources(int number) throws IOException {
        List<Events> open = new ArrayList<>();
        // What the first ones need once, and the accounts opened for them, is not theirs.
        try {
            for (int i = 0; i < FIRST_SOURCES; i++) {
                open.add(new Events(1 + i % USERS));
            }
            // Idle servers give memory of their start back after some seconds.
            LockSupport.parkNanos(SETTLING_NANOS);
            long before = server.processes().rootPssOctets();
            for (int i = 0; i < number; i++) {
                open.add(new Events(1 + i % USERS));
            }
            double each = (server.processes().rootPssOctets() - before) / 1024.0 / number;
            if (each <= 0) {
                throw new IOException("the server's memory did not grow: the garbage collector gave back more; take it again");
            }
            report("growth by one of " + number + " event sources", "KiB", 40, List.of(each));
        } finally {
            for (Events events : open) {
                events.close();
            }
        }
    }

    private void report(String name, String unit, double goal, List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        double median = sorted.get(sorted.size() / 2);
        out.printf("%-60s %10.2f %10.2f %s%n", name, median, sorted.get((sorted.size() - 1) * 99 / 100), unit);
        if (!Double.isNaN(goal)) {
            goals.add(new Goal(name + ", " + unit, median, goal, false));
        }
    }

    private double millis(long start) {
        return (time.nanos() - start) / 1e6;
    }

    private static String login(int user) {
        String pair = "user" + user + "@bench.test:" + ImapServer.PASSWORD;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String account = "";

    private String call(String calls) throws IOException, InterruptedException {
        URI base = URI.create("http://127.0.0.1:" + server.httpPort());
        if (account.isEmpty()) {
            HttpRequest session = HttpRequest.newBuilder(base.resolve("/.well-known/jmap")).header("Authorization", login(1)).build();
            String text = http.send(session, HttpResponse.BodyHandlers.ofString()).body();
            account = first(Pattern.compile("\"accounts\":\\{\"([^\"]+)\""), text);
        }
        String body = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":["
                + calls.replace("ACCOUNT", account) + "]}";
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/jmap/api"))
                .header("Authorization", login(1))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().contains("[\"error\"")) {
            throw new IOException("JMAP answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String first(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("nothing of " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    /** An open event source. */
    private final class Events implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Events(int user) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
            socket.setReceiveBufferSize(4096);
            String request = "GET /jmap/events?types=*&closeafter=no&ping=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + login(user)
                    + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            in = socket.getInputStream();
            await("\n:\n");
        }

        void awaitState() throws IOException {
            await("event: state");
        }

        private void await(String wanted) throws IOException {
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(wanted) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new IOException("the event source ended: " + seen);
                }
                seen.append((char) octet);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** One SMTP session that sends messages to the first user. */
    private static final class SmtpLine implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        SmtpLine(InetSocketAddress address) throws IOException {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            answer();
            say("EHLO client.bench.test");
            answer();
        }

        void begin(int number) throws IOException {
            for (String line : List.of("MAIL FROM:<sender@elsewhere.test>", "RCPT TO:<user1@bench.test>", "DATA")) {
                say(line);
                answer();
            }
            socket.getOutputStream().write(("From: sender@elsewhere.test\r\nTo: user1@bench.test\r\nSubject: push " + number
                    + "\r\nMessage-ID: <push" + number + "@elsewhere.test>\r\n\r\nhello\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        /** Ends the message; the reply is read by the next {@link #begin}. */
        void end() throws IOException {
            say(".");
            answer();
        }

        private void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        private void answer() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            if (line == null || line.charAt(0) > '3') {
                throw new IOException("SMTP answered " + line);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
