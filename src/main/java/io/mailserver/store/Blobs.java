package io.mailserver.store;

import io.mailserver.base.Content;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The octets of messages. {@link MaildirBlobs} in Maildirs today; an S3 store later (DESIGN §7). Where a message is, is a short text:
 * in a Maildir {@code new/NAME} or {@code cur/NAME}. What a call has done is durable when it returns.
 *
 * <p>Safe for use by any thread; calls block, and use the pool.
 */
interface Blobs {
    /** A mailbox. */
    record Place(AccountKey account, FolderName folder) {}

    /** What one mailbox gets of a message; {@code head} goes before its content. */
    record NewFile(Place place, String head, MaildirFlags flags, MaildirWriter.Numbering numbering) {}

    /** A message for some mailboxes. */
    record NewBlob(Content content, Instant received, List<NewFile> files) {}

    /** A message to copy; {@code numbering} is asked once. */
    record CopyOf(String file, MaildirFlags flags, MaildirWriter.Numbering numbering) {}

    /**
     * Writes messages, all or none.
     *
     * @return the files in the order of the messages and their mailboxes
     */
    List<Path> write(List<NewBlob> blobs) throws IOException;

    /**
     * Copies messages of one account between its mailboxes, all that are still there or none.
     *
     * @return where the copies are, in the order given; empty for messages that are gone
     */
    List<Optional<String>> copy(Place from, List<CopyOf> files, FolderName to) throws IOException;

    /**
     * Removes messages.
     *
     * @return which were there
     */
    List<Boolean> remove(Place place, List<String> files) throws IOException;

    /**
     * Opens a message.
     *
     * @param size as served, known from the index
     * @throws java.nio.file.NoSuchFileException it is gone
     */
    MessageContent open(Place place, String file, long size) throws IOException;

    /**
     * What the index knows of a message.
     *
     * @param size as served
     */
    record Known(String file, long size) {}

    /** Opens small messages together; empty where one is not under its name any more, or cannot be read. */
    List<Optional<MessageContent>> open(Place place, List<Known> messages) throws IOException;

    /** Makes a mailbox's folder; does nothing for one that is there. */
    void create(Place place) throws IOException;

    /** Renames one folder; does nothing if that was done already. */
    void rename(Place place, FolderName to) throws IOException;

    /** Removes one folder with its messages; does nothing where there is none. */
    void remove(Place place) throws IOException;
}
