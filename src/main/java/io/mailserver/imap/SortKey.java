package io.mailserver.imap;

/** What SORT orders by (RFC 5256 §3, RFC 5957 §3). */
public record SortKey(By by, boolean reverse) {
    /** A property of a message. */
    public enum By {
        ARRIVAL,
        CC,
        DATE,
        FROM,
        /** RFC 6203 §6. */
        RELEVANCY,
        SIZE,
        SUBJECT,
        TO,
        DISPLAYFROM,
        DISPLAYTO
    }
}
