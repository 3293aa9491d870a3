package io.mailserver.imap;

import io.mailserver.base.Content;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One message of APPEND or REPLACE (RFC 9051 §6.3.12, RFC 3502 §6.3.11).
 *
 * @param flags as {@code \Seen} or {@code $Junk}, without doubles; system flags in their usual case
 * @param internalDate empty: now
 */
public record AppendMessage(List<String> flags, Optional<Instant> internalDate, Source source) {
    public AppendMessage {
        flags = List.copyOf(flags);
    }

    /** Where its octets come from. */
    public sealed interface Source {
        /**
         * A literal. Belongs to the frame, which closes it.
         *
         * @param binary a literal8: the octets may hold NUL (RFC 3516 §4.4)
         * @param utf8 sent as {@code UTF8 (…)}: the header may hold UTF-8 (RFC 6855 §4)
         */
        record Literal(Content content, boolean binary, boolean utf8) implements Source {}

        /** Pieces put together (RFC 4469 §5); at least one. */
        record Catenate(List<Piece> pieces) implements Source {
            public Catenate {
                pieces = List.copyOf(pieces);
            }
        }
    }

    /** A piece of CATENATE. */
    public sealed interface Piece {
        /** Octets that came with the command. */
        record Text(Content content) implements Piece {}

        /** Octets of a message of this account, by an IMAP URL as the client wrote it. */
        record Url(String url) implements Piece {}
    }
}
