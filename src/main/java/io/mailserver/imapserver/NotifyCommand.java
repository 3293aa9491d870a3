package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.NotifyEvents;
import io.mailserver.imap.NotifyEvents.Event;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.imapserver.Wakeups.Wakeup;
import io.mailserver.log.LogContext;
import io.mailserver.net.EndOfInput;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** NOTIFY (RFC 5465 §3), and the waiting for a command meanwhile: a child thread reads, the session's thread alone writes. */
final class NotifyCommand {
    private final SessionContext context;

    NotifyCommand(SessionContext context) {
        this.context = context;
    }

    StatusResponse run(ImapCommand.Notify command) throws StoreException, IOException {
        for (NotifyEvents group : command.events()) {
            if (group.events().contains(Event.ANNOTATIONCHANGE)) {
                return StatusResponse.no(
                        new ResponseCode.BadEvent(Arrays.stream(Event.values())
                                .filter(event -> event != Event.ANNOTATIONCHANGE).map(Event::word).toList()),
                        "Messages have no annotations here");
            }
        }
        if (command.events().isEmpty()) {
            context.tellFromNowOn(Optional.empty());
            return StatusResponse.ok("NOTIFY completed");
        }
        Notifications notifications = new Notifications(context, command.events());
        context.tellFromNowOn(Optional.of(notifications));
        if (command.status()) {
            notifications.writeStatus();
        }
        return StatusResponse.ok("NOTIFY completed");
    }

    /** Tells what happens until the client says something, or the input ends. */
    void awaitInput(Notifications notifications) throws IOException {
        if (context.input().hasReadAhead()) {
            return;
        }
        Wakeups wakeups = context.wakeups();
        wakeups.clear();
        tell(notifications);
        context.out().flush();
        CompletableFuture<Boolean> input = read(wakeups);
        try {
            while (!wakeups.await().contains(Wakeup.INPUT)) {
                tell(notifications);
                context.out().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody but a JVM that ends
        } finally {
            if (!input.isDone()) {
                context.connection().interruptInput(EndOfInput.SERVER_STOPPING);
            }
            input.handle((read, failure) -> read).join();
        }
        try {
            input.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw e;
        }
    }

    private CompletableFuture<Boolean> read(Wakeups wakeups) {
        CompletableFuture<Boolean> input = new CompletableFuture<>();
        LogContext log = LogContext.current();
        Thread.ofVirtual().name("notify " + context.id()).start(() -> log.run(() -> {
            try {
                input.complete(context.input().awaitInput());
            } catch (IOException | RuntimeException e) {
                input.completeExceptionally(e);
            }
            wakeups.post(Wakeup.INPUT);
        }));
        return input;
    }

    /** Trouble of the store ends no session: the next news may get through. */
    private void tell(Notifications notifications) throws IOException {
        try {
            notifications.tellWaiting();
        } catch (StoreException e) {
            context.services().log().error("imap.store-trouble", e, "verb", "NOTIFY");
        }
    }
}
