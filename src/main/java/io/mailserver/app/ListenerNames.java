package io.mailserver.app;

import io.mailserver.config.ListenerConfig;

/** What people call a listener; part of the lines {@code [INIT] SMTP inbound :25}, which programs read too. */
final class ListenerNames {
    private ListenerNames() {}

    static String of(ListenerConfig listener) {
        return switch (listener.service()) {
            case SMTP -> "SMTP inbound";
            case SUBMISSION -> "SMTP submission";
            case SUBMISSIONS -> "SMTP submissions";
            case IMAP, IMAPS -> "IMAP";
            case POP3, POP3S -> "POP3";
            case LMTP -> "LMTP";
            case HTTPS -> "Webmail";
            case HTTP -> listener.address().isLoopbackAddress() ? "HTTP metrics" : "HTTP";
        };
    }
}
