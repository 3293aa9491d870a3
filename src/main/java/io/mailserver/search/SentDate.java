package io.mailserver.search;

import io.mailserver.mime.DateTimeText;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderText;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The sent date of RFC 5256 §2.2. */
final class SentDate {
    private SentDate() {}

    /** Of the Date field with its author's zone; empty where there is no usable one, and that of receipt counts. */
    static Optional<OffsetDateTime> of(HeaderBlock header) {
        return header.first("Date").flatMap(field -> DateTimeText.parse(HeaderText.raw(field)));
    }
}
