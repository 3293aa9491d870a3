package io.mailserver.net;

/** Why a connection gives no more input. */
public enum EndOfInput {
    /** It still may give some. */
    NONE,
    /** The peer closed its side, or the connection broke. */
    PEER_CLOSED,
    /** A deadline passed ({@link Connection#deadline}). */
    TIMED_OUT,
    /** The server stops ({@link Connection#interruptInput}). */
    SERVER_STOPPING
}
