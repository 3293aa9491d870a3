package io.mailserver.smtpclient;

/** Sees what is said over a connection, line by line, for traces and for people who watch. Secrets are left out. */
public interface Dialogue {
    /** Nobody looks. */
    Dialogue NONE = new Dialogue() {};

    /** We sent a line. */
    default void sent(String line) {}

    /** The server sent a line. */
    default void received(String line) {}

    /** Something happened that is no line: connected, TLS, octets of a message. */
    default void note(String what) {}
}
