package io.mailserver.store;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirCopier;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirTree;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Octets in a Maildir on a disk that forgets what was not forced. */
class MaildirBlobsTest extends BlobsContract {
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final PlatformPool pool = new PlatformPool("files", 1, 100);
    private SimulatedDisk disk = new SimulatedDisk(1).journaled();
    private int opened;

    @Override
    Blobs open() {
        disk = opened == 0 ? disk : disk.restart();
        opened++;
        Path root = disk.root();
        UniqueNames names = new UniqueNames(time, "mx", opened, 0);
        MaildirStatistics statistics = new MaildirStatistics();
        return new MaildirBlobs(
                account -> root.resolve(account.localPart()),
                new MaildirWriter(root, pool, names, time, statistics),
                new MaildirCopier(root, names, time, statistics),
                new MaildirTree(root, time, statistics),
                pool);
    }

    @Override
    Content content(String text) throws IOException {
        ContentSpool spool = new ContentSpool(new SimulatedDisk(0).root(), pool, 1 << 20, 1 << 20);
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }

    @Override
    void closeParts() {
        pool.close();
    }
}
