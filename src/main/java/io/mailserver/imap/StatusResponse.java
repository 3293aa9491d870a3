package io.mailserver.imap;

import java.util.Optional;

/**
 * The answer to a command (RFC 9051 §7.1), checked when made: its text can never break a line, so no input that finds its way into it
 * can forge another response.
 *
 * @param text printable US-ASCII for the user or the log; not empty
 * @param thenClose whether the connection ends after it
 */
public record StatusResponse(Kind kind, Optional<ResponseCode> code, String text, boolean thenClose) {
    /** What a line should not exceed. */
    private static final int MAX_TEXT_LENGTH = 400;

    /** The outcome. */
    public enum Kind {
        OK,
        NO,
        BAD,
        PREAUTH,
        BYE
    }

    public StatusResponse {
        text = printable(text);
    }

    public static StatusResponse ok(String text) {
        return new StatusResponse(Kind.OK, Optional.empty(), text, false);
    }

    public static StatusResponse ok(ResponseCode code, String text) {
        return new StatusResponse(Kind.OK, Optional.of(code), text, false);
    }

    public static StatusResponse no(String text) {
        return new StatusResponse(Kind.NO, Optional.empty(), text, false);
    }

    public static StatusResponse no(ResponseCode code, String text) {
        return new StatusResponse(Kind.NO, Optional.of(code), text, false);
    }

    public static StatusResponse bad(String text) {
        return new StatusResponse(Kind.BAD, Optional.empty(), text, false);
    }

    public static StatusResponse bad(ResponseCode code, String text) {
        return new StatusResponse(Kind.BAD, Optional.of(code), text, false);
    }

    /** Untagged, and the last thing said. */
    public static StatusResponse bye(String text) {
        return new StatusResponse(Kind.BYE, Optional.empty(), text, true);
    }

    /** Untagged, and the last thing said. */
    public static StatusResponse bye(ResponseCode code, String text) {
        return new StatusResponse(Kind.BYE, Optional.of(code), text, true);
    }

    /** This response, after which the server closes. */
    public StatusResponse closing() {
        return new StatusResponse(kind, code, text, true);
    }

    private static String printable(String text) {
        if (text.isEmpty()) {
            return "-";
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_TEXT_LENGTH));
        for (int i = 0; i < text.length() && clean.length() < MAX_TEXT_LENGTH; i++) {
            char c = text.charAt(i);
            // RFC 9051 §9: a text without a code must not begin like one.
            boolean plain = c >= ' ' && c < 0x7f && !(i == 0 && c == '[');
            clean.append(plain ? c : '?');
        }
        return clean.toString();
    }
}
