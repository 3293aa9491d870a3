package io.mailserver.delivery;

import io.mailserver.smtp.Reply;

/** What a pure function of this package makes of the facts. */
public sealed interface Decision {
    /** Go on. */
    record Accept() implements Decision {}

    /**
     * Say no, now or for good.
     *
     * @param reply what the client is told; gives nothing away but what the sender must know
     * @param reason for log and statistics, one of few words joined by hyphens
     */
    record Refuse(Reply reply, String reason) implements Decision {}

    Decision ACCEPT = new Accept();

    /** A refusal. */
    static Decision refuse(int code, String status, String text, String reason) {
        return new Refuse(Reply.of(code, status, text), reason);
    }
}
