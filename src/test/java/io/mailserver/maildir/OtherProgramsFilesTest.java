package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code subscriptions}, {@code dovecot-keywords} and {@code dovecot-uidlist}. */
class OtherProgramsFilesTest {
    @TempDir
    private Path maildir;

    private MaildirFolder folder = MaildirFolder.inbox(Path.of("/"));

    @BeforeEach
    void openFolder() {
        folder = MaildirFolder.inbox(maildir);
    }

    @Test
    void subscriptionsOfDovecotAreRead() throws IOException {
        write("subscriptions", "V\t2\n\na\\2eb\nEntw&APw-rfe\tx\\2ey\nINBOX\nINBOX\tsub\nbr\u00fcken\nx\t\ty\n");
        assertThat(SubscriptionsFile.read(maildir)).extracting(FolderName::toString)
                .containsExactly("a.b", "Entwürfe/x.y", "INBOX", "INBOX/sub");
    }

    @Test
    void subscriptionsOfTheOldFormAreRead() throws IOException {
        write("subscriptions", "Sent\nx.y.z\r\nlast");
        assertThat(SubscriptionsFile.read(maildir)).extracting(FolderName::toString).containsExactly("Sent", "x/y/z", "last");
    }

    @Test
    void subscriptionsAreWrittenAsDovecotWritesThem() throws IOException {
        Set<FolderName> names = new LinkedHashSet<>(
                List.of(FolderName.INBOX, new FolderName(List.of("Entwürfe", "x.y")), new FolderName(List.of("~"))));
        SubscriptionsFile.write(maildir, names);
        assertThat(maildir.resolve("subscriptions")).hasContent("V\t2\n\nINBOX\nEntw&APw-rfe\tx\\2ey\n\\7e\n");
        assertThat(SubscriptionsFile.read(maildir)).isEqualTo(names);
    }

    @Test
    void keywordsAreReadWithGapsAndWithoutWhatIsNone() throws IOException {
        write("dovecot-keywords", "0 foo\n2 $Label1\n1 two words\n26 beyond\nx y\n3 {5}\n\n 4 z\n3\n");
        DovecotKeywords keywords = DovecotKeywords.read(folder);
        assertThat(keywords.names()).containsExactly("foo", "", "$Label1");
        assertThat(keywords.keyword('c')).contains("$Label1");
        assertThat(keywords.keyword('b')).isEmpty();
        assertThat(keywords.letter("FOO")).contains('a');
    }

    @Test
    void keywordsGetFreeLettersUntilThereAreNone() throws IOException {
        DovecotKeywords keywords = new DovecotKeywords(List.of("a", "", "c")).with("x").with("X").with("d");
        assertThat(keywords.names()).containsExactly("a", "x", "c", "d");
        for (int i = 0; i < 40; i++) {
            keywords = keywords.with("k" + i);
        }
        assertThat(keywords.names()).hasSize(26);
        assertThat(keywords.letter("k39")).isEmpty();
        keywords.write(folder);
        assertThat(DovecotKeywords.read(folder)).isEqualTo(keywords);
    }

    @Test
    void aUidlistOfVersion3IsRead() throws IOException {
        write("dovecot-uidlist", """
                3 V1795335716 N4 G40cf5f0e23a6026b966d000083ecc375 Xnew
                1 :1795335715.M282363P28054.vm,S=18,W=21
                2 S18 W21 Gabc :a.b:2,S
                9 :c
                nonsense
                9 :again
                x :d
                10 :.hidden
                """);
        DovecotUidlist list = DovecotUidlist.read(folder).orElseThrow();
        assertThat(list.uidValidity()).isEqualTo(1_795_335_716L);
        assertThat(list.nextUid()).isEqualTo(10);
        assertThat(list.uids()).containsOnlyKeys("1795335715.M282363P28054.vm", "a.b", "c");
        assertThat(list.uid(MaildirName.parse("a.b,S=18:2,FS").orElseThrow())).hasValue(2);
        assertThat(list.uid(MaildirName.parse("other").orElseThrow())).isEmpty();
        assertThat(DovecotUidlist.readAdopted(folder)).isEmpty();
        list.adopt(folder);
        write("dovecot-uidlist", "3 V1 N1\n");
        assertThat(DovecotUidlist.readAdopted(folder)).contains(list);
    }

    @Test
    void aUidlistOfVersion1IsRead() throws IOException {
        write("dovecot-uidlist", "1 77 100\n5 a.b,S=3\n6 c:2,S\n");
        DovecotUidlist list = DovecotUidlist.read(folder).orElseThrow();
        assertThat(list.uidValidity()).isEqualTo(77);
        assertThat(list.nextUid()).isEqualTo(100);
        assertThat(list.uids()).containsOnlyKeys("a.b", "c");
    }

    @Test
    void otherUidlistsAreNone() throws IOException {
        assertThat(DovecotUidlist.read(folder)).isEmpty();
        for (String text : List.of("", "\n", "3 V0 N1\n", "3 N1\n", "7 V1 N1\n", "1 x 2\n", "3 V4294967296\n")) {
            write("dovecot-uidlist", text);
            assertThat(DovecotUidlist.read(folder)).as(text).isEmpty();
        }
    }

    @Test
    void longLinesAreLeftOutAndTooManyRefused() throws IOException {
        Path file = maildir.resolve("lines");
        Files.writeString(file, "a\n" + "x".repeat(20_000) + "\nb\n" + "y".repeat(20_000));
        StringBuilder read = new StringBuilder();
        BoundedLines.read(file, 3, read::append);
        assertThat(read.toString().replace("x", "").replace("y", "")).isEqualTo("ab");
        assertThatThrownBy(() -> BoundedLines.read(file, 2, line -> {})).hasMessageContaining("more than 2 lines");
    }

    private void write(String name, String text) throws IOException {
        Files.write(maildir.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
