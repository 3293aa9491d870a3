package io.mailserver.pop3server;

/**
 * What a command is answered with (RFC 1939 §3).
 *
 * @param line the one line, for people behind its status indicator; empty where the whole answer has been written
 * @param ok whether it is positive
 * @param closing whether the session ends with it
 */
record Pop3Reply(boolean ok, String line, boolean closing) {
    /** The command has written its answer itself. */
    static final Pop3Reply SENT = new Pop3Reply(true, "", false);

    static Pop3Reply ok(String text) {
        return new Pop3Reply(true, "+OK " + text, false);
    }

    static Pop3Reply err(String text) {
        return new Pop3Reply(false, "-ERR " + text, false);
    }

    /** With a response code (RFC 2449 §8, RFC 3206). */
    static Pop3Reply err(String code, String text) {
        return err("[" + code + "] " + text);
    }

    Pop3Reply andClose() {
        return new Pop3Reply(ok, line, true);
    }
}
