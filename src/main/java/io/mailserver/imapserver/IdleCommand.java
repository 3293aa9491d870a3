package io.mailserver.imapserver;

import io.mailserver.imap.StatusResponse;
import io.mailserver.imapserver.Wakeups.Wakeup;
import io.mailserver.log.LogContext;
import io.mailserver.net.EndOfInput;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.MailboxId;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * IDLE (RFC 9051 §6.3.13, RFC 2177 §3): a child thread waits for the client's DONE, the session's thread for either that or news of the
 * store, and it alone writes.
 */
final class IdleCommand {
    /** DONE, with room for a client that says something else first. */
    private static final int MAX_LINE_OCTETS = 1024;

    private final SessionContext context;

    IdleCommand(SessionContext context) {
        this.context = context;
    }

    StatusResponse run() throws StoreException, IOException {
        Wakeups wakeups = context.wakeups();
        wakeups.clear();
        context.connection().deadline(context.settings().limits().idleTimeout());
        context.services().statistics().idleBegun.increment();
        Optional<MailboxId> selected =
                context.isSelected() ? Optional.of(context.selected().info().id()) : Optional.empty();
        boolean notified = context.notifications().isPresent();
        AccountMail.Watch watch = context.mail().watch(change -> {
            boolean elsewhere = change instanceof Change.Messages messages && !Optional.of(messages.mailbox()).equals(selected);
            if (notified || !elsewhere) {
                wakeups.post(Wakeup.MAIL);
            }
        });
        try {
            context.out().continuation("idling");
            tellNews(); // What came before the watch began.
            context.out().rest();
            CompletableFuture<Optional<String>> line = readLine(wakeups);
            try {
                while (!wakeups.await().contains(Wakeup.INPUT)) {
                    tellNews();
                    context.out().rest();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody but a JVM that ends
                return Refusals.goodbye(context.connection().endOfInput());
            } finally {
                endReading(line);
            }
            return answer(line);
        } finally {
            watch.close();
            context.services().statistics().idleEnded.increment();
        }
    }

    private CompletableFuture<Optional<String>> readLine(Wakeups wakeups) {
        CompletableFuture<Optional<String>> line = new CompletableFuture<>();
        LogContext log = LogContext.current();
        Thread.ofVirtual().name("idle " + context.id()).start(() -> log.run(() -> {
            try {
                line.complete(context.input().readLine(MAX_LINE_OCTETS));
            } catch (IOException | RuntimeException e) {
                line.completeExceptionally(e);
            }
            wakeups.post(Wakeup.INPUT);
        }));
        return line;
    }

    /** The child must not read on when this returns, also where writing failed: it is the session's turn then. */
    private void endReading(CompletableFuture<Optional<String>> line) {
        if (!line.isDone()) {
            context.connection().interruptInput(EndOfInput.SERVER_STOPPING);
        }
        line.handle((read, failure) -> read).join();
    }

    private StatusResponse answer(CompletableFuture<Optional<String>> line) throws IOException {
        Optional<String> said;
        try {
            said = line.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw e;
        }
        if (said.isEmpty()) {
            // The session's loop sees the same end at its next read and says goodbye.
            return StatusResponse.ok("IDLE ended");
        }
        context.trace().received(said.get());
        return said.get().strip().equalsIgnoreCase("DONE")
                ? StatusResponse.ok("IDLE completed")
                : StatusResponse.bad("DONE was expected");
    }

    private void tellNews() throws StoreException, IOException {
        try {
            context.tellNews(true, false);
        } catch (StoreException e) {
            if (!e.trouble()) {
                throw e;
            }
            context.services().log().error("imap.store-trouble", e, "verb", "IDLE"); // the next news may get through
        }
    }
}
