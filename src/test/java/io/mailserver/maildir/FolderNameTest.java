package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderNameTest {
    // The directories are what Dovecot 2.3.19 with listescape made of these names.
    @ParameterizedTest
    @CsvSource({
        "Sent, .Sent",
        "a.b, .a\\2eb",
        "Entwürfe|x.y, .Entw&APw-rfe.x\\2ey",
        "~tilde, .\\7etilde",
        "sn~ow, .sn~ow",
        "back\\slash, .back\\5cslash",
        "a&b, .a&-b",
        "INBOX|sub, .INBOX.sub",
        "tmp, .tmp",
        "cur|new, .cur.new",
        "x|y|z, .x.y.z",
        ".dot, .\\2edot",
        "trail., .trail\\2e",
        "star*, .star*",
        "INBOX.dotted, .INBOX\\2edotted",
        "a/b, .a\\2fb",
    })
    void directoriesAreAsDovecotWritesThem(String levels, String directory) {
        FolderName name = new FolderName(List.of(levels.split("\\|")));
        assertThat(name.directory()).isEqualTo(directory);
        assertThat(FolderName.parse(directory)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "..x", ".a.", ".a..b", "x", ".INBOX", ".Entwürfe",
                ".a\\", ".a\\2", ".a\\2E", ".a\\41", ".a&b", ".a\\0ab"})
    void otherDirectoriesAreNoFolders(String directory) {
        assertThat(FolderName.parse(directory)).isEmpty();
    }

    @Test
    void theInboxIsTheMaildirItself() {
        assertThat(FolderName.INBOX.directory()).isEqualTo(".");
        assertThat(new FolderName(List.of("INBOX")).isInbox()).isTrue();
    }

    @Test
    void levelsWithoutTextOrWithControlsAreRefused() {
        for (String level : List.of("", "a\nb", "a\0", "\u007f", "\u0085", "\ud834")) {
            assertThatThrownBy(() -> new FolderName(List.of("x", level))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new FolderName(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatNoFileSystemTakesIsTooLong() {
        assertThat(new FolderName(List.of("a".repeat(254))).tooLong()).isFalse();
        assertThat(new FolderName(List.of("a".repeat(255))).tooLong()).isTrue();
        assertThat(new FolderName(List.of(".".repeat(85))).tooLong()).isTrue();
    }

    @Test
    void aFolderIsInsideThoseAboveIt() {
        FolderName name = new FolderName(List.of("a", "b"));
        assertThat(name.isInside(new FolderName(List.of("a")))).isTrue();
        assertThat(name.isInside(name)).isFalse();
        assertThat(new FolderName(List.of("ab")).isInside(new FolderName(List.of("a")))).isFalse();
    }
}
