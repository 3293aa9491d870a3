package io.mailserver.imap;

/**
 * What a client has enabled that changes how its commands are read and how responses to it are written (RFC 5161 §3.1).
 *
 * @param rev2 ENABLE IMAP4rev2
 * @param utf8 ENABLE UTF8=ACCEPT
 */
public record Dialect(boolean rev2, boolean utf8) {
    /** A client that has enabled nothing. */
    public static final Dialect PLAIN = new Dialect(false, false);

    /** Whether mailbox names are UTF-8 on the wire, and not modified UTF-7 (RFC 9051 §5.1, RFC 6855 §3). */
    public boolean utf8Names() {
        return rev2 || utf8;
    }
}
