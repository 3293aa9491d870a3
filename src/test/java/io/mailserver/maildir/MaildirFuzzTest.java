package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.ModifiedUtf7;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names and files of other programs, damaged: never an exception, and what was understood is written as it was. */
class MaildirFuzzTest {
    @Test
    void fileNames() {
        Fuzz.texts(List.of("1795323600.M1P2.host,S=10,W=11,I=5-7:2,FSab", "a,U=7:1,x", "1.2.3:2,"), text ->
                MaildirName.parse(text).ifPresent(name -> {
                    assertThat(name).hasToString(text);
                    MaildirName flagged = name.withFlags(MaildirFlags.of("DSb"));
                    assertThat(MaildirName.parse(flagged.toString())).contains(flagged);
                    assertThat(flagged.flags().has('b')).isTrue();
                    assertThat(flagged.unique()).isEqualTo(name.unique());
                    assertThat(flagged.withImapNumber(new MaildirName.ImapNumber(1, 2)).imapNumber())
                            .contains(new MaildirName.ImapNumber(1, 2));
                }));
    }

    @Test
    void folderNames() {
        Fuzz.texts(List.of(".Entw&APw-rfe.x\\2ey", ".a&-b", ".\\7etilde.INBOX"), text ->
                FolderName.parse(text).ifPresent(name -> assertThat(name.directory()).isEqualTo(text)));
    }

    @Test
    void modifiedUtf7() {
        Fuzz.texts(List.of("&U,BTFw-/&ZeVnLIqe-", "a&-b", "&2DTdHg-"), text ->
                ModifiedUtf7.decode(text).ifPresent(name -> assertThat(ModifiedUtf7.encode(name)).isEqualTo(text)));
    }

    @Test
    void filesBesideMessages() throws IOException {
        Path root = new SimulatedDisk(1).root();
        MaildirFolder folder = MaildirFolder.inbox(root);
        List<String> examples = List.of("3 V17 N4 Gabc\n1 S1 W2 :1.host,S=1\n2 :b\n", "0 a\n25 $Forwarded\n",
                "V\t2\n\na\\2eb\tc\n", "a.b\n");
        Fuzz.texts(examples, text -> {
            try {
                for (String name : List.of("dovecot-uidlist", "dovecot-keywords", "subscriptions")) {
                    Files.write(root.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
                }
                DovecotUidlist.read(folder).ifPresent(list -> list.uids().values().forEach(uid -> assertThat(uid).isPositive()));
                DovecotKeywords keywords = DovecotKeywords.read(folder);
                keywords.write(folder);
                assertThat(DovecotKeywords.read(folder)).isEqualTo(keywords);
                var names = SubscriptionsFile.read(root);
                SubscriptionsFile.write(root, names);
                assertThat(SubscriptionsFile.read(root)).isEqualTo(names);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
