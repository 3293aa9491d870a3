package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirCopier;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirName;
import io.mailserver.maildir.MaildirTree;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.MessageFile;
import io.mailserver.maildir.MessageFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Messages in Maildirs. Safe for use by any thread. */
final class MaildirBlobs implements Blobs {
    private static final String FRESH = "new/";
    private static final String CUR = "cur/";

    private final Function<AccountKey, Path> maildirs;
    private final MaildirWriter writer;
    private final MaildirCopier copier;
    private final MaildirTree tree;
    private final PlatformPool pool;

    /** @param maildirs an account's Maildir */
    MaildirBlobs(
            Function<AccountKey, Path> maildirs, MaildirWriter writer, MaildirCopier copier, MaildirTree tree, PlatformPool pool) {
        this.maildirs = maildirs;
        this.writer = writer;
        this.copier = copier;
        this.tree = tree;
        this.pool = pool;
    }

    @Override
    public List<Path> write(List<NewBlob> blobs) throws IOException {
        List<MaildirWriter.Message> messages = new ArrayList<>(blobs.size());
        for (NewBlob blob : blobs) {
            List<MaildirWriter.Copy> copies = new ArrayList<>(blob.files().size());
            for (NewFile file : blob.files()) {
                copies.add(new MaildirWriter.Copy(folder(file.place()), file.head(), file.flags(), file.numbering()));
            }
            messages.add(new MaildirWriter.Message(blob.content(), blob.received(), copies));
        }
        return writer.write(messages);
    }

    @Override
    public List<Optional<String>> copy(Place from, List<CopyOf> files, FolderName to) throws IOException {
        List<MaildirCopier.Source> sources = new ArrayList<>(files.size());
        for (CopyOf file : files) {
            sources.add(new MaildirCopier.Source(entry(file.file()), file.flags(), file.numbering()));
        }
        MaildirFolder target = folder(new Place(from.account(), to));
        return pool.call(() -> copier.copy(folder(from), sources, target)).stream()
                .map(copy -> copy.map(MaildirBlobs::text))
                .toList();
    }

    @Override
    public List<Boolean> remove(Place place, List<String> files) throws IOException {
        List<MaildirListing.Entry> entries = files.stream().map(MaildirBlobs::entry).toList();
        return pool.call(() -> copier.remove(folder(place), entries));
    }

    @Override
    public MessageContent open(Place place, String file, long size) throws IOException {
        return pool.call(() -> StoredContent.of(find(folder(place), entry(file), size), pool));
    }

    @Override
    public List<Optional<MessageContent>> open(Place place, List<Known> messages) throws IOException {
        MaildirFolder folder = folder(place);
        return pool.call(() -> {
            List<Optional<MessageContent>> opened = new ArrayList<>(messages.size());
            for (Known message : messages) {
                opened.add(openIfThere(entry(message.file()).path(folder), message.size()));
            }
            return opened;
        });
    }

    private Optional<MessageContent> openIfThere(Path path, long size) {
        try {
            return Optional.of(StoredContent.of(MessageFile.open(path, OptionalLong.of(size)), pool));
        } catch (IOException e) {
            // Whoever wants it opens it by itself, which finds it or tells what is wrong.
            return Optional.empty();
        }
    }

    private static MessageFile find(MaildirFolder folder, MaildirListing.Entry last, long size) throws IOException {
        OptionalLong known = OptionalLong.of(size);
        try {
            return MessageFile.open(last.path(folder), known);
        } catch (NoSuchFileException e) {
            // Renamed by another program.
            MaildirListing.Entry now = MessageFiles.find(folder, last).orElseThrow(() -> e);
            return MessageFile.open(now.path(folder), known);
        }
    }

    @Override
    public void create(Place place) throws IOException {
        pool.call(() -> {
            tree.create(maildirs.apply(place.account()), place.folder());
            return place;
        });
    }

    @Override
    public void rename(Place place, FolderName to) throws IOException {
        pool.call(() -> {
            tree.rename(maildirs.apply(place.account()), place.folder(), to);
            return place;
        });
    }

    @Override
    public void remove(Place place) throws IOException {
        pool.call(() -> {
            tree.remove(maildirs.apply(place.account()), place.folder());
            return place;
        });
    }

    private MaildirFolder folder(Place place) {
        return MaildirFolder.of(maildirs.apply(place.account()), place.folder());
    }

    /** Where a file is, as the index keeps it. */
    static String text(MaildirListing.Entry entry) {
        return (entry.fresh() ? FRESH : CUR) + entry.name();
    }

    /** What {@link #text} was made from. */
    static MaildirListing.Entry entry(String text) {
        boolean fresh = text.startsWith(FRESH);
        MaildirName name = MaildirName.parse(text.substring(CUR.length()))
                .orElseThrow(() -> new IllegalStateException("the index names a file that is none"));
        return new MaildirListing.Entry(name, fresh);
    }
}
