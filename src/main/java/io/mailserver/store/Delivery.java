package io.mailserver.store;

import io.mailserver.base.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * One message on its way into mailboxes of several accounts: the accounts opened, UIDs promised, the files written, all or none, and
 * what the index needs handed to the accounts. Used by one thread.
 */
final class Delivery implements AutoCloseable {
    private final StoreParts parts;
    private final List<AccountStore.Target> targets;
    private final List<OpenAccounts.Lease> leases = new ArrayList<>();
    private final List<Ticket> tickets = new ArrayList<>();

    private Delivery(StoreParts parts, List<AccountStore.Target> targets) {
        this.parts = parts;
        this.targets = targets;
    }

    /** @throws IOException an account cannot be opened; nothing was done */
    static Delivery prepare(OpenAccounts accounts, StoreParts parts, List<AccountStore.Target> targets) throws IOException {
        Delivery delivery = new Delivery(parts, targets);
        boolean prepared = false;
        try {
            for (AccountStore.Target target : targets) {
                delivery.prepare(accounts, target);
            }
            prepared = true;
            return delivery;
        } catch (StoreException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage(), e);
        } finally {
            if (!prepared) {
                delivery.close();
            }
        }
    }

    private void prepare(OpenAccounts accounts, AccountStore.Target target) throws StoreException {
        OpenAccounts.Lease lease = accounts.acquire(target.account());
        leases.add(lease);
        OpenMailbox mailbox = new MailboxTree(lease.account()).forDelivery(target.folder());
        lease.account().promise(mailbox, 1);
        tickets.add(new Ticket(mailbox));
    }

    /** Writes the files; they are durable and visible in all mailboxes when this returns, in none when it throws. */
    List<Path> write(Content content, Instant received) throws IOException {
        // In one order for all, so that two deliveries and two renames do not wait for each other in a circle.
        List<Lock> folders = leases.stream()
                .sorted(Comparator.comparing(lease -> lease.key().toString()))
                .map(lease -> (Lock) lease.account().folders().readLock())
                .toList();
        folders.forEach(Lock::lock);
        try {
            for (Ticket ticket : tickets) {
                if (ticket.mailbox().deleted()) {
                    throw new IOException("a mailbox was deleted while a message was on its way to it");
                }
            }
            List<Path> written = parts.blobs().write(List.of(new Blobs.NewBlob(content, received, files())));
            hand(content, received, written);
            return written;
        } finally {
            folders.forEach(Lock::unlock);
        }
    }

    private List<Blobs.NewFile> files() {
        List<Blobs.NewFile> files = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            Ticket ticket = tickets.get(i);
            Blobs.Place place = new Blobs.Place(targets.get(i).account(), ticket.mailbox().folder());
            long bits = bits(targets.get(i));
            files.add(new Blobs.NewFile(place, targets.get(i).head(), ticket.mailbox().letters(bits), ticket));
        }
        return files;
    }

    /** Nothing here makes a delivery fail: the message is accepted. */
    private void hand(Content content, Instant received, List<Path> written) {
        Map<String, Incoming> byHead = new HashMap<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            Incoming incoming = byHead.computeIfAbsent(
                    targets.get(i).head(), head -> Incoming.of(parts, head, content, received));
            tickets.get(i).arrived(incoming.arrival(tickets.get(i).uid(), bits(targets.get(i)), written.get(i)));
        }
        leases.forEach(lease -> lease.account().indexSoon());
    }

    private static long bits(AccountStore.Target target) {
        long bits = 0;
        for (Flag flag : target.flags()) {
            bits |= flag.systemBit();
        }
        return bits;
    }

    @Override
    public void close() {
        tickets.forEach(Ticket::close);
        leases.forEach(OpenAccounts.Lease::close);
    }
}
