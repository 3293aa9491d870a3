package io.mailserver.jmap;

import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Telling clients of changes as they happen, over one long answer (RFC 8620 §7.3). Each has a thread of its own, which waits. */
final class EventSource {
    /** Shorter would only burden everybody; RFC 8620 §7.3 lets the server choose. */
    private static final long MIN_PING_SECONDS = 5;

    private static final long MAX_PING_SECONDS = 3600;
    /** So that a client that has gone away is noticed, and no one between takes the connection for a dead one (the listener: 30 s). */
    private static final long LIVENESS_SECONDS = 20;

    private final JmapServices services;
    private final StateChanges changes;
    private final Turnstile connections = new Turnstile();

    EventSource(JmapServices services, StateChanges changes) {
        this.services = services;
        this.changes = changes;
    }

    /** @param mayGoOn asked now and then while it lasts */
    void answer(JmapUser user, Request request, BooleanSupplier mayGoOn, Response response, Callback callback) throws IOException {
        Fields query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        String types = Optional.ofNullable(query.getValue("types")).orElse("*");
        boolean closeAfterState = "state".equals(query.getValue("closeafter"));
        long ping = ping(query.getValue("ping"));
        if (ping < 0) {
            JmapHandler.problem(response, callback, 400, "ping must be a number of seconds");
            return;
        }
        int limit = services.config().maxEventSources();
        if (!connections.enter(user.account(), limit)) {
            JmapHandler.problem(response, callback, 429, "at most " + limit + " event sources at a time");
            return;
        }
        try {
            Set<String> wanted = types.equals("*") ? Set.of() : Set.of(types.split(",", -1));
            response.setStatus(200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put("X-Accel-Buffering", "no");
            String lastId = request.getHeaders().get("Last-Event-ID");
            tell(user, wanted, closeAfterState, ping, mayGoOn, lastId, Content.Sink.asOutputStream(response));
            callback.succeeded();
        } finally {
            connections.leave(user.account());
        }
    }

    /** @return seconds; 0 for none, negative for what is no number */
    private static long ping(@Nullable String text) {
        if (text == null || text.isEmpty() || text.equals("0")) {
            return 0;
        }
        return text.matches("[0-9]{1,9}") ? Math.clamp(Long.parseLong(text), MIN_PING_SECONDS, MAX_PING_SECONDS) : -1;
    }

    private void tell(
            JmapUser user, Set<String> types, boolean closeAfterState, long ping, BooleanSupplier mayGoOn, @Nullable String lastId,
            OutputStream out)
            throws IOException {
        Semaphore changed = new Semaphore(0);
        try (AccountMail mail = services.store().open(user.account());
                AccountMail.Watch _ = mail.watch((Change _) -> changed.release())) {
            Map<String, String> told = changes.states(mail);
            // Who comes back with the number of the last event has missed what came since.
            boolean missed = lastId != null && !lastId.equals(StateChanges.eventId(told));
            boolean any = missed && send(out, user, StateChanges.only(told, types), StateChanges.eventId(told));
            write(out, ":\n\n"); // The header goes out at once.
            long quiet = 0;
            long asked = services.time().nanos();
            while (!(any && closeAfterState)) {
                long wait = ping == 0 ? LIVENESS_SECONDS : Math.min(LIVENESS_SECONDS, ping - quiet);
                boolean woken = changed.tryAcquire(wait, TimeUnit.SECONDS);
                changed.drainPermits();
                if (services.time().nanos() - asked >= TimeUnit.SECONDS.toNanos(LIVENESS_SECONDS)) {
                    asked = services.time().nanos();
                    if (!mayGoOn.getAsBoolean()) {
                        return;
                    }
                }
                quiet = woken ? 0 : quiet + wait;
                if (woken) {
                    Map<String, String> now = changes.states(mail);
                    Map<String, String> news = new LinkedHashMap<>(now);
                    news.entrySet().removeAll(told.entrySet());
                    told = now;
                    any |= send(out, user, StateChanges.only(news, types), StateChanges.eventId(now));
                } else {
                    boolean due = quiet == ping;
                    quiet = due ? 0 : quiet;
                    write(out, due ? "event: ping\ndata: {\"interval\":" + ping + "}\n\n" : ":\n\n");
                }
            }
        } catch (StoreException e) {
            // The account goes away, or the server stops: the client comes again and learns more.
            services.log().info("jmap.events-ended", "account", user.name(), "reason", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean send(OutputStream out, JmapUser user, Map<String, String> states, String id) throws IOException {
        if (states.isEmpty()) {
            return false;
        }
        ObjectNode change = StateChanges.toJson(user.accountId(), states);
        write(out, "event: state\nid: " + id + "\ndata: " + Json.text(change) + "\n\n");
        return true;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

}
