package io.mailserver.smtpserver;

import io.mailserver.base.Domain;
import io.mailserver.log.LogContext;
import io.mailserver.log.SessionTrace;
import io.mailserver.net.Connection;
import io.mailserver.net.EndOfInput;
import io.mailserver.sasl.ChannelBindings;
import io.mailserver.sasl.SaslLogin;
import io.mailserver.sasl.SaslMechanism;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Client.Service;
import io.mailserver.smtp.EhloReply;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;
import io.mailserver.smtp.SmtpCommandParser;
import io.mailserver.smtp.SmtpInput;
import io.mailserver.smtp.SmtpInput.Frame;
import io.mailserver.smtp.SmtpSyntaxException;
import io.mailserver.smtp.SmtpVerb;
import io.mailserver.smtp.SmtpVerb.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One session, from greeting to goodbye. {@link #serve} is its loop, {@link #handle} its table of handlers. */
final class SmtpSession {
    private final Connection connection;
    private final SmtpSettings settings;
    private final SmtpServices services;
    private final SessionTrace trace;
    private final SmtpInput input;
    private final SessionOutput output;
    private final Reception reception;
    private final AuthDialogue authDialogue;

    private Client client;
    private Phase phase = new Phase.Fresh();
    private int errors;
    /** Since the last message. */
    private int idleCommands;
    private int transactions;
    /** In the trace, from the first AUTH on a line that is no command may be a password that lost its way. */
    private boolean authSeen;

    SmtpSession(Connection connection, SmtpSettings settings, SmtpServices services) {
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        client = Client.connected(
                services.ids().next(),
                settings.service(),
                connection.remoteAddress(),
                connection.remotePort(),
                connection.localPort());
        connection.tls().ifPresent(tls -> client = client.secured(new Client.Tls(tls.protocol(), tls.cipher())));
        trace = services.trace().session(client.sessionId(), "SMTP:" + client.localPort(), client.address());
        output = new SessionOutput(connection.out(), trace);
        input = new SmtpInput(connection.in(), this::beforeRead);
        reception = new Reception(connection, settings, services, trace, input, output);
        authDialogue = new AuthDialogue(settings, services, trace, input, output);
    }

    /** @throws IOException when the connection broke */
    void run() throws IOException {
        LogContext.ofSession(client.sessionId()).call(() -> {
            runInContext();
            return this;
        });
    }

    private void runInContext() throws IOException {
        services.watch().connected(client);
        services.log().info("smtp.connected", "address", client.address().getHostAddress(), "port", client.localPort());
        try (trace) {
            serve();
        } catch (RuntimeException e) {
            // A bug ends this session and no other; the client may try again.
            services.log().error("smtp.bug", e, "phase", phase.getClass().getSimpleName());
            output.write(Replies.FAULT);
            output.flush();
        } finally {
            enter(new Phase.Ended());
            services.watch().disconnected(client);
            services.log().info("smtp.disconnected", "messages", transactions, "errors", errors, "end", connection.endOfInput());
        }
    }

    private void serve() throws IOException {
        answer(greeting());
        while (!(phase instanceof Phase.Ended)) {
            if (phase instanceof Phase.StartingTls) {
                startTls();
            }
            if (connection.endOfInput() == EndOfInput.SERVER_STOPPING) {
                answer(Replies.goodbye(EndOfInput.SERVER_STOPPING));
                break;
            }
            connection.deadline(settings.limits().commandTimeout());
            Frame frame = input.readLine(settings.limits().maxCommandLine() + SmtpVerb.MAX_EXTRA_OCTETS);
            if (frame == Frame.END) {
                if (connection.endOfInput() != EndOfInput.PEER_CLOSED) {
                    answer(Replies.goodbye(connection.endOfInput()));
                }
                break;
            }
            Optional<Reply> reply = react(frame);
            if (reply.isPresent()) {
                answer(reply.get());
            }
        }
        output.flush();
    }

    /** The session's one place for reads that may block: what the client waits for goes out first (RFC 2920 §3.2). */
    private void beforeRead() throws IOException {
        reception.beforeRead();
        output.flush();
    }

    private void answer(Reply reply) throws IOException {
        output.write(reply);
        if (reply.isPermanent()) {
            errors++;
        }
        if (reply.thenClose()) {
            enter(new Phase.Ended());
        } else if (errors > settings.limits().maxErrors()) {
            services.log().warn("smtp.too-many-errors", "address", client.address().getHostAddress(), "errors", errors);
            output.write(Replies.TOO_MANY_ERRORS);
            enter(new Phase.Ended());
        }
    }

    private Reply greeting() {
        return Reply.bare(220, settings.hostname() + (client.service() == Service.LMTP ? " LMTP" : " ESMTP") + " ready");
    }

    /** The answer to a line; empty in the one case that has none. */
    private Optional<Reply> react(Frame frame) throws IOException {
        return switch (frame) {
            case LINE -> execute();
            case BARE_LINE_FEED -> Optional.of(refuseLine(Replies.BARE_LINE_FEED));
            case TOO_LONG -> Optional.of(refuseLine(SmtpCommandParser.tooLongReply(false)));
            case AUTH_TOO_LONG -> Optional.of(refuseLine(SmtpCommandParser.tooLongReply(true)));
            case END -> throw new IllegalStateException("the loop ends there");
        };
    }

    private Reply refuseLine(Reply reply) {
        trace.note("a line was refused");
        services.watch().rejected(client, reply);
        return reply;
    }

    private Optional<Reply> execute() throws IOException {
        boolean smtputf8 = phase instanceof Phase.Transaction(Envelope envelope) && envelope.parameters().smtputf8();
        SmtpCommand command;
        try {
            command = SmtpCommandParser.parse(
                    input.buffer(), input.lineStart(), input.lineEnd(), settings.limits().maxCommandLine(), smtputf8);
        } catch (SmtpSyntaxException e) {
            if (trace.on()) {
                traceLine(Optional.empty());
            }
            services.watch().rejected(client, e.reply());
            return Optional.of(e.reply());
        }
        if (trace.on()) {
            traceLine(Optional.of(command));
        }
        if (command.verb().is(Rule.ENDS_GROUP) && command.verb() != SmtpVerb.QUIT && input.hasReadAhead()) {
            // RFC 2920 §3.1; not refused, because it harms nobody: what must not survive is dropped at STARTTLS.
            services.log().info("smtp.early-input", "verb", command.verb());
        }
        countIdle(command.verb());
        Optional<Reply> refusal = outOfPlace(command.verb());
        Reply reply = refusal.isPresent() ? refuse(command, refusal.get()) : handle(command);
        services.watch().answered(client, command, reply);
        return answersNobody(command, reply) ? Optional.empty() : Optional.of(reply);
    }

    /** RFC 2033 §4.3: over LMTP the last chunk is answered once for each accepted recipient, and there was none. */
    private boolean answersNobody(SmtpCommand command, Reply reply) {
        return settings.service() == Service.LMTP
                && command instanceof SmtpCommand.Bdat bdat
                && bdat.last()
                && reply.equals(Replies.RECIPIENT_FIRST);
    }

    private void countIdle(SmtpVerb verb) {
        if (verb == SmtpVerb.DATA || verb == SmtpVerb.BDAT) {
            idleCommands = 0;
        } else if (verb.is(Rule.IDLE) && ++idleCommands > settings.limits().maxIdleCommands()) {
            errors++;
        }
    }

    private void traceLine(Optional<SmtpCommand> command) {
        String line = new String(input.buffer(), input.lineStart(), input.lineEnd() - input.lineStart(), StandardCharsets.UTF_8);
        authSeen |= line.regionMatches(true, 0, "AUTH", 0, "AUTH".length());
        if (command.isPresent() && command.get() instanceof SmtpCommand.Auth(String mechanism, Optional<String> initial)) {
            if (initial.isPresent()) {
                trace.receivedSecret("AUTH " + mechanism, initial.get().length());
            } else {
                trace.received("AUTH " + mechanism);
            }
        } else if (command.isEmpty() && authSeen) {
            trace.receivedSecret("", line.length());
        } else {
            trace.received(line);
        }
    }

    /** What the table of verbs says against this command now. */
    private Optional<Reply> outOfPlace(SmtpVerb verb) {
        if (settings.service() == Service.LMTP && (verb == SmtpVerb.EHLO || verb == SmtpVerb.HELO)) {
            return Optional.of(Replies.LHLO_HERE);
        }
        if (settings.service() != Service.LMTP && verb == SmtpVerb.LHLO) {
            return Optional.of(Replies.NO_LMTP);
        }
        if (phase instanceof Phase.Fresh && !verb.is(Rule.BEFORE_HELLO)) {
            return Optional.of(Replies.HELLO_FIRST);
        }
        if (needsTls() && client.tls().isEmpty() && !verb.is(Rule.BEFORE_TLS)) {
            return Optional.of(Replies.TLS_FIRST);
        }
        if (needsLogin() && client.authenticated().isEmpty() && !verb.is(Rule.BEFORE_AUTH)) {
            return Optional.of(Replies.LOGIN_FIRST);
        }
        boolean within = phase instanceof Phase.Transaction || phase instanceof Phase.Chunks;
        return within && verb.is(Rule.STARTS_FRESH) ? Optional.of(Replies.NOT_IN_TRANSACTION) : Optional.empty();
    }

    private boolean needsTls() {
        return settings.requireTls() || (needsLogin() && settings.auth().requireTls());
    }

    private boolean needsLogin() {
        return settings.service() == Service.SUBMISSION && services.passwords().isPresent();
    }

    private Reply refuse(SmtpCommand command, Reply reply) throws IOException {
        return command instanceof SmtpCommand.Bdat bdat ? reception.dropChunk(bdat, reply) : reply;
    }

    private Reply handle(SmtpCommand command) throws IOException {
        return switch (command) {
            case SmtpCommand.Hello hello -> hello(hello);
            case SmtpCommand.Mail mail -> mail(mail);
            case SmtpCommand.Rcpt rcpt -> recipient(rcpt);
            case SmtpCommand.Bdat bdat -> chunk(bdat);
            case SmtpCommand.Auth auth -> auth(auth);
            case SmtpCommand.XClient xclient -> xclient(xclient);
            case SmtpCommand.Simple simple -> simple(simple);
        };
    }

    private Reply simple(SmtpCommand.Simple command) throws IOException {
        return switch (command.verb()) {
            case DATA -> data();
            case RSET -> reset();
            case NOOP -> Replies.OK;
            case VRFY -> Replies.CANNOT_VERIFY;
            case EXPN -> Replies.NO_EXPANSION;
            case HELP -> Replies.HELP;
            case QUIT -> Reply.of(221, "2.0.0", settings.hostname() + " closing connection").closing();
            case STARTTLS -> beginTls();
            case EHLO, HELO, LHLO, MAIL, RCPT, BDAT, AUTH, XCLIENT -> throw new IllegalStateException("has a record of its own");
        };
    }

    private Reply hello(SmtpCommand.Hello hello) {
        boolean esmtp = hello.verb() != SmtpVerb.HELO;
        client = client.greeted(hello.name(), esmtp);
        enter(new Phase.Ready()); // RFC 5321 §4.1.4: EHLO resets like RSET
        if (!esmtp) {
            return Reply.bare(250, settings.hostname());
        }
        boolean auth = needsLogin() && client.authenticated().isEmpty() && (client.tls().isPresent() || !settings.auth().requireTls());
        return new EhloReply(
                        settings.hostname(),
                        hello.name() + " " + AddressLiteral.format(client.address()),
                        settings.limits().maxMessageSize().octets(),
                        settings.limits().maxRecipients(),
                        settings.limits().maxMessages(),
                        settings.startTls().isPresent() && client.tls().isEmpty(),
                        auth ? saslLogin().offered().stream().map(SaslMechanism::label).toList() : List.of(),
                        settings.dsn(),
                        handlingOffer().lines(),
                        mayUseXclient())
                .toReply();
    }

    private HandlingOffer handlingOffer() {
        return new HandlingOffer(settings, client, services.time().now());
    }

    private Reply mail(SmtpCommand.Mail mail) {
        if (transactions >= settings.limits().maxMessages()) {
            return Replies.TOO_MANY_MESSAGES; // RFC 9422 §4.1
        }
        Optional<Domain> domain = mail.reversePath().flatMap(address -> address.domain());
        if (client.tls().isEmpty() && domain.isPresent() && settings.requireTlsFrom().contains(domain.get())) {
            return Replies.TLS_FIRST_FROM_THIS_DOMAIN;
        }
        long maxOctets = settings.limits().maxMessageSize().octets();
        if (mail.parameters().size().orElse(0) > maxOctets) {
            return Reply.of(552, "5.3.4", "The message is larger than " + maxOctets + " octets"); // RFC 1870 §6.1
        }
        HandlingOffer offer = handlingOffer();
        Optional<Reply> unwanted = offer.refusal(mail.parameters());
        if (unwanted.isPresent()) {
            return unwanted.get();
        }
        Envelope envelope = new Envelope(client.sessionId() + "-" + (transactions + 1), client, mail.reversePath(),
                offer.settled(mail.parameters()), List.of());
        Optional<Reply> refusal = services.recipients().refuseSender(envelope);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        transactions++;
        enter(new Phase.Transaction(envelope));
        return offer.accepted(mail.parameters());
    }

    private Reply recipient(SmtpCommand.Rcpt rcpt) {
        if (!(phase instanceof Phase.Transaction(Envelope envelope))) {
            return phase instanceof Phase.Chunks ? Replies.CHUNKS_ONLY : Replies.MAIL_FIRST;
        }
        if (envelope.recipients().size() >= settings.limits().maxRecipients()) {
            return Replies.TOO_MANY_RECIPIENTS;
        }
        Optional<Reply> refusal = services.recipients().refuseRecipient(envelope, rcpt.recipient().address());
        if (refusal.isPresent()) {
            services.log().info(
                    "smtp.recipient-refused",
                    "from", envelope.sender(),
                    "to", rcpt.recipient().address(),
                    "reply", refusal.get().code());
            return refusal.get();
        }
        enter(new Phase.Transaction(envelope.with(rcpt.recipient())));
        return Replies.RECIPIENT_OK;
    }

    private Reply data() throws IOException {
        if (phase instanceof Phase.Chunks) {
            return Replies.CHUNKS_ONLY;
        }
        if (!(phase instanceof Phase.Transaction(Envelope envelope))) {
            return Replies.MAIL_FIRST;
        }
        if (envelope.recipients().isEmpty()) {
            return Replies.RECIPIENT_FIRST;
        }
        if (envelope.parameters().body() == Body.BINARY_MIME) {
            return Replies.BINARY_BY_CHUNKS;
        }
        answer(Replies.SEND_DATA);
        Reply reply = reception.data(envelope);
        enter(new Phase.Ready());
        return reply;
    }

    private Reply chunk(SmtpCommand.Bdat bdat) throws IOException {
        Phase.Chunks chunks;
        switch (phase) {
            case Phase.Chunks begun -> chunks = begun;
            case Phase.Transaction(Envelope envelope) -> {
                if (envelope.recipients().isEmpty()) {
                    return reception.dropChunk(bdat, Replies.RECIPIENT_FIRST);
                }
                chunks = reception.beginChunks(envelope);
                enter(chunks);
            }
            default -> {
                return reception.dropChunk(bdat, Replies.MAIL_FIRST);
            }
        }
        Reply reply = reception.chunk(chunks, bdat);
        if (bdat.last() || !reply.isPositive()) {
            enter(new Phase.Ready()); // RFC 3030 §2: after a refusal the chunks still to come are refused with 503
        }
        return reply;
    }

    private Reply reset() {
        if (!(phase instanceof Phase.Fresh)) {
            enter(new Phase.Ready());
        }
        return Replies.OK;
    }

    private Reply auth(SmtpCommand.Auth auth) throws IOException {
        if (!needsLogin()) {
            return Reply.of(502, "5.5.1", "AUTH is not available here");
        }
        if (client.authenticated().isPresent()) {
            return Reply.of(503, "5.5.1", "Already authenticated"); // RFC 4954 §4
        }
        AuthDialogue.Result result = authDialogue.run(auth, client, saslLogin());
        result.account().ifPresent(account -> {
            client = client.loggedIn(account);
            trace.account(account);
        });
        return result.reply();
    }

    private SaslLogin saslLogin() {
        Optional<ChannelBindings> bindings = connection.tls().map(tls -> connection::channelBinding);
        return new SaslLogin(services.passwords().orElseThrow(), client.address(), bindings);
    }

    private boolean mayUseXclient() {
        return settings.limits().xclientFrom().stream().anyMatch(network -> network.contains(connection.remoteAddress()));
    }

    private Reply xclient(SmtpCommand.XClient command) {
        if (!mayUseXclient()) {
            return Replies.XCLIENT_REFUSED;
        }
        Optional<Client> named = Xclient.apply(client, command.attributes());
        if (named.isEmpty()) {
            return Reply.of(501, "5.5.4", "An XCLIENT attribute is not valid");
        }
        client = named.get();
        trace.client(client.address());
        services.log().info("smtp.xclient", "address", client.address().getHostAddress());
        enter(new Phase.Fresh());
        return greeting();
    }

    private Reply beginTls() {
        if (client.tls().isPresent()) {
            return Replies.TLS_ALREADY;
        }
        if (settings.startTls().isEmpty()) {
            return Replies.NO_TLS;
        }
        enter(new Phase.StartingTls());
        return Replies.START_TLS;
    }

    private void startTls() throws IOException {
        output.flush();
        if (input.hasReadAhead()) {
            services.log().warn("smtp.starttls-injection", "address", client.address().getHostAddress());
        }
        connection.deadline(settings.limits().tlsHandshakeTimeout());
        try {
            connection.startTls(settings.startTls().orElseThrow());
        } catch (IOException e) {
            services.log().info("smtp.tls-failed", "address", client.address().getHostAddress(), "cause", e.toString());
            throw e;
        }
        input.switchTo(connection.in()); // RFC 3207 §4.2: nothing said in plaintext survives
        connection.tls().ifPresent(tls -> client = client.secured(new Client.Tls(tls.protocol(), tls.cipher())));
        trace.note("TLS " + client.tls().orElseThrow());
        enter(new Phase.Fresh());
    }

    private void enter(Phase next) {
        if (phase instanceof Phase.Chunks chunks) {
            chunks.writer().close();
        }
        phase = next;
    }
}
