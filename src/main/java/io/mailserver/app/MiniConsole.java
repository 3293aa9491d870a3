package io.mailserver.app;

import io.mailserver.log.EventLog;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;
import io.mailserver.smtpserver.SessionWatch;
import java.util.Optional;

/** What mini-smtp says of its sessions: who connects, what was accepted, what was refused and why. */
final class MiniConsole implements SessionWatch {
    private final EventLog log;

    MiniConsole(EventLog log) {
        this.log = log;
    }

    @Override
    public void connected(Client client) {
        String address = AddressLiteral.plain(client.address());
        log.say("[CONN] " + address, "mini.connected", "address", address);
    }

    @Override
    public void rejected(Client client, Reply reply) {
        say(reply.code() + " " + String.join(" ", reply.lines()), client);
    }

    @Override
    public void answered(Client client, SmtpCommand command, Reply reply) {
        if (!reply.isPositive()) {
            rejected(client, reply);
            return;
        }
        switch (command) {
            case SmtpCommand.Hello(var verb, String name) -> say(verb + " " + name, client);
            case SmtpCommand.Mail(Optional<Address> path, var parameters) ->
                    say("MAIL FROM:<" + path.map(Address::toString).orElse("") + ">", client);
            case SmtpCommand.Rcpt(Recipient recipient) -> say("RCPT TO:<" + recipient.address() + ">", client);
            case SmtpCommand.Bdat(long octets, boolean last) when !last -> say("BDAT " + octets, client);
            default -> {}
        }
    }

    @Override
    public void receiving(Envelope envelope) {
        say("DATA", envelope.client());
    }

    @Override
    public void finished(Envelope envelope, long octets, Reply reply) {
        if (reply.isPositive()) {
            say(reply.code() + " " + reply.lines().getFirst(), envelope.client());
        }
    }

    private void say(String what, Client client) {
        log.say("[SMTP] " + what, "mini.smtp", "session", client.sessionId());
    }
}
