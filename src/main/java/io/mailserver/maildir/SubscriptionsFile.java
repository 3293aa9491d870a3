package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The file {@code subscriptions} in a Maildir as Dovecot writes it: a line {@code V<tab>2}, an empty line, then a mailbox a line,
 * levels separated by tabs. The old form, levels separated by dots and no head, is read too; so is Courier's {@code
 * courierimapsubscribed} of that form, where all is below INBOX. For other programs to read; ours is in {@code account.db}.
 */
public final class SubscriptionsFile {
    private static final String NAME = "subscriptions";
    private static final String COURIER_NAME = "courierimapsubscribed";
    private static final String COURIER_PREFIX = "INBOX.";
    private static final String VERSION_2 = "V\t2";
    private static final int MAX_LINES = 100_000;

    private SubscriptionsFile() {}

    /** The mailboxes it names, in its order; none where there is no file. Lines that cannot be understood are passed over. */
    public static Set<FolderName> read(Path maildir) throws IOException {
        List<String> lines = new ArrayList<>();
        BoundedLines.read(maildir.resolve(NAME), MAX_LINES, lines::add);
        boolean version2 = !lines.isEmpty() && lines.getFirst().startsWith("V\t");
        Set<FolderName> names = new LinkedHashSet<>();
        for (String line : version2 ? lines.subList(1, lines.size()) : lines) {
            if (!line.isEmpty()) {
                // A tab cannot be in a name: it would be escaped by a control character, and those are in no name of ours.
                Optional<FolderName> name = FolderName.ofStorageName(version2 ? line.replace('\t', '.') : line);
                name.ifPresent(names::add);
            }
        }
        return names;
    }

    /** The mailboxes that Courier's file names, as {@link #read}. */
    public static Set<FolderName> readCourier(Path maildir) throws IOException {
        Set<FolderName> names = new LinkedHashSet<>();
        BoundedLines.read(maildir.resolve(COURIER_NAME), MAX_LINES, line -> {
            String name = line.startsWith(COURIER_PREFIX) ? line.substring(COURIER_PREFIX.length()) : line;
            if (!name.isEmpty()) {
                FolderName.ofStorageName(name).ifPresent(names::add);
            }
        });
        return names;
    }

    /** Replaces the file durably. Not for two threads at once on one Maildir. */
    public static void write(Path maildir, Set<FolderName> names) throws IOException {
        StringBuilder text = new StringBuilder(VERSION_2).append("\n\n");
        Stream<String> lines = names.stream().map(name -> name.storageName().replace('.', '\t'));
        lines.forEach(line -> text.append(line).append('\n'));
        DurableFiles.replace(maildir.resolve(NAME), text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
