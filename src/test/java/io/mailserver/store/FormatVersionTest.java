package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.FormatVersion;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatVersionTest {
    @TempDir
    private Path data;

    @Test
    void aNewStoreIsCreated() {
        assertThat(stepsFrom(0)).containsExactly("create");
    }

    @Test
    void theNewestFormatIsLeftAlone() {
        assertThat(stepsFrom(3)).isEmpty();
    }

    @Test
    void anOlderFormatIsCopiedAsideAndBroughtUpStepByStep() {
        assertThat(stepsFrom(1)).containsExactly("copy 1", "migrate 1", "migrate 2");
    }

    @Test
    void aNewerFormatIsRefusedUntouched() {
        assertThatThrownBy(() -> stepsFrom(4))
                .isInstanceOf(OperatorException.class)
                .hasMessage("test store has format 4, but this program knows formats up to 3");
    }

    @Test
    void aNewDataFolderGetsAFormatThatTheNextStartFinds() throws IOException {
        DataFolderFormat.bringToNewest(data);
        Files.createDirectories(data.resolve("accounts/example.com"));
        DataFolderFormat.bringToNewest(data);
        assertThat(data.resolve("format")).hasContent("mailserver data format 1\n");
    }

    @Test
    void aNewerDataFolderIsRefused() throws IOException {
        Files.writeString(data.resolve("format"), "mailserver data format 2\n");
        assertThatThrownBy(() -> DataFolderFormat.bringToNewest(data))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("has format 2");
    }

    @Test
    void mailWithoutAFormatIsRefused() throws IOException {
        Files.createDirectories(data.resolve("accounts/example.com"));
        assertThatThrownBy(() -> DataFolderFormat.bringToNewest(data))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("\"format\" is missing");
    }

    @Test
    void aCopyBeforeAMigrationLinksMessagesAndCopiesWhatChanges() throws IOException {
        Path from = data.resolve("accounts");
        Path message = from.resolve("example.com/alice/Maildir/new/1");
        Files.createDirectories(message.getParent());
        Files.writeString(message, "mail");
        Files.writeString(from.resolve("example.com/alice/account.db"), "old");
        Path to = data.resolve("copy");

        FolderCopy.copy(from, to);
        Files.writeString(from.resolve("example.com/alice/account.db"), "changed");
        FolderCopy.copy(from.resolve("example.com/alice/Maildir"), to.resolve("example.com/alice/Maildir"));

        assertThat(to.resolve("example.com/alice/account.db")).hasContent("old");
        assertThat(Files.isSameFile(to.resolve("example.com/alice/Maildir/new/1"), message)).isTrue();
    }

    private static List<String> stepsFrom(int version) {
        List<String> steps = new ArrayList<>();
        FormatVersion.bringTo(3, new FormatVersion.Versioned<RuntimeException>() {
            @Override
            public String name() {
                return "test store";
            }

            @Override
            public int version() {
                return version;
            }

            @Override
            public void create() {
                steps.add("create");
            }

            @Override
            public void copyAside(int from) {
                steps.add("copy " + from);
            }

            @Override
            public void migrate(int from) {
                steps.add("migrate " + from);
            }
        });
        return steps;
    }
}
