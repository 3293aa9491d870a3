package io.mailserver.net;

/** Why a connection is refused before its protocol begins. */
public enum Refusal {
    /** The address has as many connections open as one may have. */
    TOO_MANY_FROM_ADDRESS,
    /** The addresses around it (/24, /56) have as many connections open as they may have together. */
    TOO_MANY_FROM_NETWORK,
    /** The address opened too many connections within a minute. */
    TOO_FAST,
    /** The server has as many connections open as it can serve. */
    SERVER_FULL
}
