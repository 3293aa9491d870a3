package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.config.ListenerConfig;
import io.mailserver.log.EventLog;
import java.nio.file.Path;
import java.util.List;

/** The lines a start prints for people; those with {@code [INIT]} and {@code [READY]} are read by programs too and never change. */
final class Reports {
    private final EventLog log;

    Reports(EventLog log) {
        this.log = log;
    }

    /** Something was made because it was missing. */
    void made(String what, Path where) {
        log.say("[INIT] made " + what + " " + where, "server.made", "what", what, "path", where);
    }

    /** Something the operator should know, such as whom the server runs as. */
    void note(String text) {
        log.say("[INIT] " + text, "server.note", "text", text);
    }

    void listening(String name, int port) {
        log.say("[INIT] " + name + " :" + port, "listener.bound", "name", name, "port", port);
    }

    void ready() {
        log.say("[READY] Mail server running", "server.ready");
    }

    /** What to do so that mail comes here, and how people connect. */
    void firstSteps(Domain domain, Domain host, List<String> records, List<Listeners.Open> listeners) {
        log.say("[FIRST] DNS records to publish for " + domain + " (docs/dns-setup.md):", "dns.records", "domain", domain);
        records.forEach(record -> log.say("[FIRST]   " + record, "dns.record", "record", record));
        log.say("[FIRST] the same again, also for the forms of web panels: ./mailserver dns " + domain + " --panel", "dns.hint",
                "domain", domain);
        for (Listeners.Open open : listeners) {
            connect(open, host);
        }
        log.say("[FIRST] a mailbox: printf 'the password\\n' | ./mailserver account add user@" + domain, "dns.hint", "domain", domain);
    }

    private void connect(Listeners.Open open, Domain host) {
        String what = switch (open.config().service()) {
            case SUBMISSION, SUBMISSIONS -> "send";
            case IMAP, IMAPS -> "read";
            case POP3, POP3S -> "fetch";
            case SMTP, LMTP, HTTP, HTTPS -> "";
        };
        if (!what.isEmpty()) {
            String tls = open.config().tls() == ListenerConfig.Tls.IMPLICIT ? "TLS" : "STARTTLS";
            log.say("[FIRST] mail programs " + what + " by " + host + " port " + open.listener().port() + " with " + tls
                    + ", user name = address", "dns.connect", "host", host, "port", open.listener().port(), "tls", tls);
        }
    }
}
