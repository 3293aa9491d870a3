package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Policies on disk, a file for each domain, so that a restart is no chance for whoever can keep a domain's name servers and web server from
 * us (RFC 8461 §5.1, §10.2). A file is the id of the record, the end of the policy in seconds since 1970, and the policy as it was
 * fetched. Safe for use by any thread; blocks for the disk.
 */
public final class PolicyFolder {
    private static final int MAX_OCTETS = 128 << 10;
    private static final Pattern FORM = Pattern.compile("mta-sts 1 ([A-Za-z0-9]{1,32}) ([0-9]{1,12})\n(.*)", Pattern.DOTALL);

    private final Path folder;
    private final PlatformPool files;
    private final EventLog log;
    /** One writer at a time: several workers may fetch the same policy. */
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * A policy that was fetched.
     *
     * @param id of the record it was fetched for
     * @param until when it is over
     */
    record Kept(Policy policy, String text, String id, Instant until) {}

    /** @param folder made where it is missing */
    public PolicyFolder(Path folder, PlatformPool files, EventLog log) {
        this.folder = folder;
        this.files = files;
        this.log = log;
    }

    /** That of a domain, if there is one that can be read. */
    Optional<Kept> read(Domain domain) {
        try {
            return files.call(() -> parse(text(folder.resolve(domain.ascii()))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            log.error("mta-sts.unreadable", e, "domain", domain);
            return Optional.empty();
        }
    }

    /** Keeps one: durable when this returns. Trouble is logged, and the policy then lives as long as the process. */
    void write(Domain domain, Kept kept) {
        String text = "mta-sts 1 " + kept.id() + " " + kept.until().getEpochSecond() + "\n" + kept.text();
        writing.lock();
        try {
            files.call(() -> {
                DurableFiles.createFolders(folder);
                DurableFiles.replace(folder.resolve(domain.ascii()), text.getBytes(StandardCharsets.UTF_8));
                return text;
            });
        } catch (IOException e) {
            log.error("mta-sts.not-kept", e, "domain", domain);
        } finally {
            writing.unlock();
        }
    }

    /** Removes what is over, and what is none; before the first use. */
    public void prune(Instant now) {
        try {
            files.call(() -> {
                if (Files.isDirectory(folder)) {
                    prune(folder, now);
                }
                return folder;
            });
        } catch (IOException e) {
            log.error("mta-sts.prune-failed", e);
        }
    }

    private static void prune(Path folder, Instant now) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                if (parse(text(file)).filter(kept -> now.isBefore(kept.until())).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String text(Path file) throws IOException {
        return Files.size(file) > MAX_OCTETS ? "" : Files.readString(file, StandardCharsets.UTF_8);
    }

    private static Optional<Kept> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Policy.parse(form.group(3)).map(policy -> new Kept(
                        policy, form.group(3), form.group(1), Instant.ofEpochSecond(Long.parseLong(form.group(2)))))
                : Optional.empty();
    }
}
