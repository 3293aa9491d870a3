package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.MaildirFlags;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileFlagsTest {
    private static final DovecotKeywords NAMES = new DovecotKeywords(List.of("$Label1", "", "NonJunk", "$Forwarded"));

    @Test
    void lettersAreFlags() {
        assertThat(FileFlags.flags(MaildirFlags.of("DFRSTacbX"), NAMES)).containsExactlyInAnyOrder(
                Flag.DRAFT, Flag.FLAGGED, Flag.ANSWERED, Flag.SEEN, Flag.DELETED, new Flag("$Label1"), new Flag("nonjunk"));
        assertThat(FileFlags.flags(MaildirFlags.of("P"), DovecotKeywords.NONE)).containsExactly(new Flag("$Forwarded"));
        assertThat(FileFlags.flags(MaildirFlags.NONE, NAMES)).isEmpty();
    }

    @Test
    void flagsAreLetters() {
        Set<Flag> flags = Set.of(Flag.SEEN, new Flag("$label1"), new Flag("$Forwarded"), new Flag("noLetter"));
        assertThat(FileFlags.letters(flags, NAMES)).isEqualTo(MaildirFlags.of("PSad"));
        assertThat(FileFlags.letters(flags, FileFlags.named(flags, NAMES))).isEqualTo(MaildirFlags.of("PSabd"));
    }
}
