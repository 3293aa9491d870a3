package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapCommandParser;
import io.mailserver.imap.ImapFrame;
import io.mailserver.imap.ImapInput;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapVerb;
import io.mailserver.imap.ImapVerb.Rule;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.StatusResponse;
import io.mailserver.imap.TaggedCommand;
import io.mailserver.log.LogContext;
import io.mailserver.log.SessionTrace;
import io.mailserver.net.Connection;
import io.mailserver.net.EndOfInput;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Optional;

/** One session, from greeting to goodbye. {@link #serve} is its loop, {@link Commands} its table of handlers. */
final class ImapSession implements AccountSessions.Member {
    private final Connection connection;
    private final ImapSettings settings;
    private final ImapServices services;
    private final SessionTrace trace;
    private final SessionContext context;
    private final Commands commands;
    private final String name;
    private boolean ended;
    private int errors;
    private volatile boolean accountDisabled;

    ImapSession(Connection connection, ImapSettings settings, ImapServices services) {
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        name = services.ids().next();
        trace = services.trace().session(name, "IMAP:" + connection.localPort(), connection.remoteAddress());
        CommandPeer peer = new CommandPeer();
        context = new SessionContext(name, connection, settings, services, trace, peer);
        peer.serve(context);
        commands = new Commands(context, this);
    }

    /** @throws IOException when the connection broke */
    void run() throws IOException {
        LogContext.ofSession(name).call(() -> {
            runInContext();
            return this;
        });
    }

    private void runInContext() throws IOException {
        String address = connection.remoteAddress().getHostAddress();
        services.statistics().started.increment();
        services.log().info("imap.connected", "address", address, "port", connection.localPort());
        connection.writeDeadline(settings.limits().writeTimeout());
        try (trace;
                context) {
            serve();
        } finally {
            services.statistics().ended.increment();
            if (context.overTls()) {
                services.statistics().overTls.increment();
            }
            services.log().info("imap.disconnected", "errors", errors, "end", connection.endOfInput());
        }
    }

    private void serve() throws IOException {
        // RFC 9051 §7.1.5
        context.out().untagged(StatusResponse.ok(
                new ResponseCode.Capability(context.capabilities()), settings.hostname() + " IMAP ready"));
        while (!ended) {
            if (connection.endOfInput() == EndOfInput.SERVER_STOPPING) {
                sayGoodbye();
                break;
            }
            connection.deadline(context.loggedIn() ? settings.limits().idleTimeout() : settings.limits().loginTimeout());
            if (context.notifications().isPresent()) {
                new NotifyCommand(context).awaitInput(context.notifications().get());
            }
            ImapInput.Outcome outcome = context.input().readCommand(limits(), context.dialect());
            connection.inTransfer(false);
            switch (outcome) {
                case ImapInput.Outcome.Command(ImapFrame frame) -> {
                    try (frame) {
                        execute(frame);
                    }
                }
                case ImapInput.Outcome.Refused(Optional<String> tag, StatusResponse response) -> {
                    trace.note("a command was refused before its end");
                    answer(tag, response);
                }
                case ImapInput.Outcome.End() -> {
                    sayGoodbye();
                    ended = true;
                }
            }
        }
        context.out().flush();
    }

    private ImapInput.Limits limits() {
        if (!context.loggedIn()) {
            return ImapInput.Limits.BEFORE_LOGIN;
        }
        ImapInput.Limits usual = ImapInput.Limits.AFTER_LOGIN;
        return new ImapInput.Limits(
                (int) settings.limits().maxCommandSize().octets(), usual.nonSynchronizing(), usual.dropped());
    }

    private void sayGoodbye() throws IOException {
        if (accountDisabled) {
            context.out().untagged(Refusals.ACCOUNT_DISABLED);
        } else if (connection.endOfInput() != EndOfInput.PEER_CLOSED) {
            context.out().untagged(Refusals.goodbye(connection.endOfInput()));
        }
    }

    private void execute(ImapFrame frame) throws IOException {
        services.statistics().commands.increment();
        TaggedCommand tagged;
        try {
            tagged = ImapCommandParser.parse(frame, context.dialect());
        } catch (ImapSyntaxException e) {
            CommandTrace.notUnderstood(trace, frame);
            answer(e.tag(), e.response());
            return;
        }
        CommandTrace.received(trace, frame, tagged);
        ImapCommand command = tagged.command();
        Optional<StatusResponse> refusal = outOfPlace(command);
        StatusResponse response = refusal.isPresent() ? refusal.get() : handle(tagged);
        boolean hears = context.isSelected() || context.notifications().isPresent();
        if (hears && !response.thenClose()) {
            response = tellChanges(command, response);
        }
        answer(Optional.of(tagged.tag()), response);
        if (response.kind() == StatusResponse.Kind.OK && command.verb() == ImapVerb.STARTTLS) {
            startTls();
        }
        if (response.kind() == StatusResponse.Kind.OK && command.verb() == ImapVerb.COMPRESS) {
            context.compress();
            trace.note("compressed from here on");
        }
    }

    /** What the table of verbs says against this command now. */
    private Optional<StatusResponse> outOfPlace(ImapCommand command) {
        ImapVerb verb = command.verb();
        return switch (verb.state()) {
            case ANY -> Optional.empty();
            case NOT_AUTHENTICATED -> {
                if (context.loggedIn()) {
                    yield Optional.of(Refusals.LOGGED_IN_ALREADY);
                }
                yield verb.is(Rule.NEEDS_PRIVACY) && !context.mayLogIn() ? Optional.of(Refusals.PRIVACY_REQUIRED) : Optional.empty();
            }
            case AUTHENTICATED -> context.loggedIn() ? Optional.empty() : Optional.of(Refusals.LOGIN_FIRST);
            case SELECTED -> {
                if (!context.loggedIn()) {
                    yield Optional.of(Refusals.LOGIN_FIRST);
                }
                if (!context.isSelected()) {
                    yield Optional.of(Refusals.SELECT_FIRST);
                }
                if (context.has(Feature.UIDONLY) && verb.is(Rule.NAMES_MESSAGES) && !command.uid()) {
                    yield Optional.of(Refusals.UID_REQUIRED);
                }
                yield verb.is(Rule.CHANGES_MAILBOX) && context.selected().readOnly()
                        ? Optional.of(Refusals.READ_ONLY)
                        : Optional.empty();
            }
        };
    }

    /** The session's edge: a refusal of the store is an answer, a bug ends this command and no more. */
    private StatusResponse handle(TaggedCommand tagged) throws IOException {
        try {
            return commands.run(tagged);
        } catch (StoreException e) {
            if (e.trouble()) {
                services.log().error("imap.store-trouble", e, "verb", tagged.command().verb());
            }
            return selectedIsGone(e) ? Refusals.MAILBOX_DELETED : Refusals.of(e);
        } catch (RuntimeException e) {
            StatusResponse fault = bug(tagged.command(), e);
            // In the middle of a response nothing can be said any more that the client would understand.
            return context.out().atLineStart() ? fault : fault.closing();
        }
    }

    /** Whether the mailbox was deleted under this session: nothing more can be said about it. */
    private boolean selectedIsGone(StoreException refusal) {
        if (refusal.reason() != StoreException.Cause.NO_SUCH_MAILBOX || !context.isSelected()) {
            return false;
        }
        try {
            return context.mailboxes().find(context.selected().info().id()).isEmpty();
        } catch (StoreException e) {
            services.log().error("imap.store-trouble", e);
            return false;
        }
    }

    /** The client hears of what happened in its mailbox before the command's own answer; the answer, or what ends the session. */
    private StatusResponse tellChanges(ImapCommand command, StatusResponse response) throws IOException {
        boolean byNumbers = command.verb().is(Rule.USES_SEQUENCE_NUMBERS) && !command.uid();
        try {
            context.tellNews(!byNumbers, command.uid());
            return response;
        } catch (StoreException e) {
            return selectedIsGone(e) ? Refusals.MAILBOX_DELETED : response;
        } catch (RuntimeException e) {
            return bug(command, e).closing(); // What the client knows of its mailbox is no longer certain.
        }
    }

    private StatusResponse bug(ImapCommand command, RuntimeException e) {
        services.statistics().bugs.increment();
        services.log().error("imap.bug", e, "verb", command.verb());
        return Refusals.FAULT;
    }

    private void answer(Optional<String> tag, StatusResponse response) throws IOException {
        if (response.kind() == StatusResponse.Kind.BYE || tag.isEmpty()) {
            context.out().untagged(response);
        } else {
            context.out().tagged(tag.get(), response);
        }
        if (response.kind() != StatusResponse.Kind.OK) {
            services.statistics().refused.increment();
        }
        if (response.kind() == StatusResponse.Kind.BAD) {
            errors++;
        }
        if (response.thenClose()) {
            ended = true;
        } else if (errors > settings.limits().maxErrors()) {
            services.log().warn("imap.too-many-errors", "address", connection.remoteAddress().getHostAddress(), "errors", errors);
            context.out().untagged(Refusals.TOO_MANY_ERRORS);
            ended = true;
        }
    }

    private void startTls() throws IOException {
        context.out().flush();
        if (context.input().hasReadAhead()) {
            services.log().warn("imap.starttls-injection", "address", connection.remoteAddress().getHostAddress());
        }
        connection.deadline(settings.limits().tlsHandshakeTimeout());
        try {
            connection.startTls(settings.startTls().orElseThrow());
        } catch (IOException e) {
            services.log().info("imap.tls-failed", "address", connection.remoteAddress().getHostAddress(), "cause", e.toString());
            throw e;
        }
        context.input().switchTo(connection.in()); // RFC 9051 §6.2.1: nothing said in plaintext survives
        trace.note("TLS " + connection.tls().orElseThrow());
    }

    @Override
    public void accountDisabled() {
        accountDisabled = true;
        connection.interruptInput(EndOfInput.SERVER_STOPPING);
    }
}
