package io.mailserver.store;

import io.mailserver.base.Domain;
import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where an account's folder lies: {@code accounts/<domain>/<user>} below the data folder, its mail in {@code Maildir} there; and what
 * is left of a removed account for a week: {@code removed/<UTC time>/<domain>/<user>}.
 *
 * <p>A local part is user input and becomes a file name that is harmless ({@code ..}, {@code /}, control characters, a leading dash),
 * bounded and different for every different local part: ASCII letters, digits and {@code _ + = . -} stand as they are, every other
 * octet of the UTF-8 form is {@code %xx}, and what would grow too long ends with a hash of the whole. Names are ASCII, so they do not
 * depend on the process's locale nor on what a file system does to accents.
 *
 * <p>Safe for use by any thread; blocks on file work.
 */
public final class AccountFolders {
    /** How long mail of removed accounts is kept. */
    public static final Duration KEEP_REMOVED = Duration.ofDays(7);

    static final String ACCOUNTS = "accounts";
    private static final String REMOVED = "removed";
    private static final int MAX_NAME_OCTETS = 200;
    private static final int HASH_DIGITS = 32;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT);

    private final Path data;
    private final Time time;
    private final AccountLocks locks = new AccountLocks();
    private volatile Consumer<AccountKey> beforeRetiring = account -> {};

    /**
     * @param data the data folder, exists
     * @param time dates what is removed
     */
    public AccountFolders(Path data, Time time) {
        this.data = data;
        this.time = time;
    }

    /**
     * The folder of an account; it need not exist.
     *
     * @param localPart in its canonical form (case-folded, NFC); local parts that differ get different folders
     */
    public Path folder(Domain domain, String localPart) {
        return data.resolve(ACCOUNTS).resolve(domain.ascii()).resolve(fileName(localPart));
    }

    /** The Maildir of an account; it need not exist. */
    public Path maildir(Domain domain, String localPart) {
        return folder(domain, localPart).resolve("Maildir");
    }

    /**
     * Puts the folder of an account that is being removed aside, durably: one rename, whatever its size. Waits for deliveries that are
     * under way. To be called once the directory does not lead to the account any more (it is disabled), and before its entry in the
     * directory goes, so that a crash in between leaves an account that can be removed again and never mail that a later account of
     * the same name would see.
     *
     * @param files runs the file work
     * @return where it is now; empty if there was no folder
     */
    public Optional<Path> retire(Domain domain, String localPart, PlatformPool files) throws IOException {
        AccountKey account = new AccountKey(domain, localPart);
        return locks.alone(account, () -> {
            beforeRetiring.accept(account);
            return files.call(() -> moveAside(domain, localPart));
        });
    }

    /** What an account holds, counted now; to be called on a thread of a pool. A message that comes or goes meanwhile may be missed. */
    public Usage usage(Domain domain, String localPart) throws IOException {
        return UsageScan.of(maildir(domain, localPart));
    }

    /** Has {@code action} done before the folder of an account is put aside, when no delivery is under way. */
    public void beforeRetiring(Consumer<AccountKey> action) {
        beforeRetiring = beforeRetiring.andThen(action);
    }

    AccountLocks locks() {
        return locks;
    }

    private Optional<Path> moveAside(Domain domain, String localPart) throws IOException {
        Path folder = folder(domain, localPart);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String stamp = STAMP.format(LocalDateTime.ofInstant(time.now(), ZoneOffset.UTC));
        Path removed = data.resolve(REMOVED);
        Path target = removed.resolve(stamp).resolve(domain.ascii()).resolve(fileName(localPart));
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = removed.resolve(stamp).resolve(domain.ascii()).resolve(fileName(localPart) + "%" + i);
        }
        Path targetParent = removed.resolve(stamp).resolve(domain.ascii());
        DurableFiles.createFolders(targetParent);
        Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flushFolder(targetParent);
        DurableFiles.flushFolder(data.resolve(ACCOUNTS).resolve(domain.ascii()));
        return Optional.of(target);
    }

    /**
     * Deletes what was removed longer ago than {@code age}. Names that are not ours are left alone.
     *
     * @return the folders that were deleted
     */
    public List<Path> purge(Duration age) throws IOException {
        Instant limit = time.now().minus(age);
        List<Path> purged = new ArrayList<>();
        try (DirectoryStream<Path> stamps = Files.newDirectoryStream(data.resolve(REMOVED))) {
            for (Path stamp : stamps) {
                Optional<Instant> removedAt = parseStamp(stamp.getFileName().toString());
                if (removedAt.isPresent() && removedAt.get().isBefore(limit)) {
                    deleteTree(stamp);
                    purged.add(stamp);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return purged;
    }

    /** The name of the folder for a local part. */
    static String fileName(String localPart) {
        if (localPart.isEmpty()) {
            throw new IllegalArgumentException("empty local part");
        }
        byte[] octets = localPart.getBytes(StandardCharsets.UTF_8);
        StringBuilder name = new StringBuilder(octets.length);
        for (byte octet : octets) {
            char c = (char) (octet & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_+=".indexOf(c) >= 0;
            // Not in front: a dot hides the folder and makes "..", a dash looks like an option to a command.
            boolean plainInside = (c == '.' || c == '-') && !name.isEmpty();
            if (plain || plainInside) {
                name.append(c);
            } else {
                name.append('%').append(HexFormat.of().toHexDigits(octet));
            }
        }
        if (name.length() <= MAX_NAME_OCTETS) {
            return name.toString();
        }
        // "%-" cannot come from an escape, so no short name looks like a hashed one.
        String hash = HexFormat.of().formatHex(sha256(octets)).substring(0, HASH_DIGITS);
        return name.substring(0, MAX_NAME_OCTETS - HASH_DIGITS - 2) + "%-" + hash;
    }

    private static Optional<Instant> parseStamp(String name) {
        try {
            return Optional.of(LocalDateTime.parse(name, STAMP).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    deleteTree(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
