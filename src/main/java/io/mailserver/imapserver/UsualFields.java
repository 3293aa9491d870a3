package io.mailserver.imapserver;

import io.mailserver.imap.Section;
import io.mailserver.store.EmailParts;
import java.util.Locale;

/** The header fields that the index keeps of each message, so that a list of messages needs no file to be opened. */
final class UsualFields {
    private UsualFields() {}

    /** Whether they are enough for a section. */
    static boolean serve(Section section) {
        return section.part().isEmpty()
                && section.kind() == Section.Kind.HEADER_FIELDS
                && EmailParts.HEADER_FIELDS.containsAll(section.fields().stream().map(field -> field.toLowerCase(Locale.ROOT)).toList());
    }
}
