package io.mailserver.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The listeners of a server whose configuration names none. */
public enum Ports {
    /** Those of the standards; ports below 1024 need root or a capability. */
    STANDARD(25, 587, 465, 143, 993, 110, 995, 443, 9025) {
        @Override
        List<ListenerConfig> listeners() {
            List<ListenerConfig> all = new ArrayList<>(super.listeners());
            // Where browsers go first, and where certificates by http-01 come from (RFC 8555 §8.3).
            all.add(ListenerConfig.of(Map.of("service", "http", "port", "80")));
            return List.copyOf(all);
        }
    },
    /** For trying the server out without being root. */
    HIGH(2525, 2587, 2465, 2143, 2993, 2110, 2995, 8443, 8080);

    private final int smtp;
    private final int submission;
    private final int submissions;
    private final int imap;
    private final int imaps;
    private final int pop3;
    private final int pop3s;
    private final int https;
    private final int loopbackHttp;

    Ports(int smtp, int submission, int submissions, int imap, int imaps, int pop3, int pop3s, int https, int loopbackHttp) {
        this.smtp = smtp;
        this.submission = submission;
        this.submissions = submissions;
        this.imap = imap;
        this.imaps = imaps;
        this.pop3 = pop3;
        this.pop3s = pop3s;
        this.https = https;
        this.loopbackHttp = loopbackHttp;
    }

    /** One listener for each service on all addresses, and HTTP in plain on loopback. */
    List<ListenerConfig> listeners() {
        return List.of(
                ListenerConfig.of(Map.of("service", "smtp", "port", "" + smtp)),
                ListenerConfig.of(Map.of("service", "submission", "port", "" + submission)),
                ListenerConfig.of(Map.of("service", "submissions", "port", "" + submissions)),
                ListenerConfig.of(Map.of("service", "imap", "port", "" + imap)),
                ListenerConfig.of(Map.of("service", "imaps", "port", "" + imaps)),
                ListenerConfig.of(Map.of("service", "pop3", "port", "" + pop3)),
                ListenerConfig.of(Map.of("service", "pop3s", "port", "" + pop3s)),
                ListenerConfig.of(Map.of("service", "https", "port", "" + https)),
                ListenerConfig.of(Map.of("service", "http", "port", "" + loopbackHttp, "address", "127.0.0.1")));
    }
}
