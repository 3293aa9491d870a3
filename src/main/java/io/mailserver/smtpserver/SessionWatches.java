package io.mailserver.smtpserver;

import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;

/** Two watches as one. */
record SessionWatches(SessionWatch first, SessionWatch second) implements SessionWatch {
    @Override
    public void connected(Client client) {
        first.connected(client);
        second.connected(client);
    }

    @Override
    public void answered(Client client, SmtpCommand command, Reply reply) {
        first.answered(client, command, reply);
        second.answered(client, command, reply);
    }

    @Override
    public void rejected(Client client, Reply reply) {
        first.rejected(client, reply);
        second.rejected(client, reply);
    }

    @Override
    public void receiving(Envelope envelope) {
        first.receiving(envelope);
        second.receiving(envelope);
    }

    @Override
    public void finished(Envelope envelope, long octets, Reply reply) {
        first.finished(envelope, octets, reply);
        second.finished(envelope, octets, reply);
    }

    @Override
    public void login(Client client, boolean successful) {
        first.login(client, successful);
        second.login(client, successful);
    }

    @Override
    public void disconnected(Client client) {
        first.disconnected(client);
        second.disconnected(client);
    }
}
