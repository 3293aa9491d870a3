package io.mailserver.app;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.FoldersConfig;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.metrics.Metrics;
import io.mailserver.search.SearchIndexes;
import io.mailserver.smtp.Address;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import io.mailserver.store.SpecialUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.Normalizer;

/**
 * The mail of all accounts of a data folder, its search indexes, and the threads of its databases. Closed by whoever opened it, after
 * all who use it.
 */
final class Storage implements AutoCloseable {
    /** Work on databases takes microseconds and seldom waits for the disk. */
    private static final int QUERY_THREADS = 8;

    private static final int QUERY_QUEUE = 10_000;
    /** A search uses one; another is left for indexing, which never has more than one. */
    private static final int SEARCH_THREADS = 4;

    private static final int SEARCH_QUEUE = 1_000;
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final PlatformPool queries;
    private final AccountStore store;
    private final MaildirStatistics maildirs;
    private final PlatformPool searching;
    private final SearchIndexes searchIndexes;

    private Storage(
            PlatformPool queries, AccountStore store, MaildirStatistics maildirs, PlatformPool searching, SearchIndexes searchIndexes) {
        this.queries = queries;
        this.store = store;
        this.maildirs = maildirs;
        this.searching = searching;
        this.searchIndexes = searchIndexes;
    }

    /** @param files runs what reads and writes messages */
    static Storage over(
            DataFolder data,
            PlatformPool files,
            String hostname,
            FoldersConfig folders,
            SecureRandom random,
            Time time,
            EventLog log)
            throws IOException {
        MaildirStatistics maildirs = new MaildirStatistics();
        PlatformPool queries = new PlatformPool("queries", QUERY_THREADS, QUERY_QUEUE);
        AccountStore store = new AccountStore(new AccountStore.Parts(
                data.folders(),
                data.path(),
                new UniqueNames(time, hostname, ProcessHandle.current().pid(), random.nextInt(1 << 20)),
                maildirs,
                new DatabaseFiles(account -> data.folders().folder(account.domain(), account.localPart())),
                files,
                queries,
                time,
                log,
                account -> quota(data, account),
                use -> Normalizer.normalize(name(folders, use), Normalizer.Form.NFC),
                boot()));
        PlatformPool searching = new PlatformPool("search", SEARCH_THREADS, SEARCH_QUEUE);
        SearchIndexes searchIndexes = new SearchIndexes(new SearchIndexes.Parts(
                account -> data.folders().folder(account.domain(), account.localPart()), store::open, searching, time, log));
        store.watchAll((account, change) -> searchIndexes.changed(account));
        data.folders().beforeRetiring(searchIndexes::forget);
        return new Storage(queries, store, maildirs, searching, searchIndexes);
    }

    private static String name(FoldersConfig folders, SpecialUse use) {
        return switch (use) {
            case SENT -> folders.sent();
            case DRAFTS -> folders.drafts();
            case JUNK -> folders.junk();
            case TRASH -> folders.trash();
            case ARCHIVE -> folders.archive();
            case ALL, FLAGGED, IMPORTANT -> use.defaultName();
        };
    }

    /** How much an account may hold; {@link Quota#NONE} also where that cannot be known. */
    static Quota quota(DataFolder data, AccountKey account) {
        Resolution resolution = data.accounts().directory().resolve(Address.of(account.localPart(), account.domain()));
        return resolution instanceof Resolution.Local local
                ? local.accounts().stream()
                        .filter(found -> found.localPart().equals(account.localPart()) && found.domain().equals(account.domain()))
                        .map(AccountRef::quota)
                        .findFirst()
                        .orElse(Quota.NONE)
                : Quota.NONE;
    }

    /** What differs from one boot to the next; where the system does not tell, every start counts as one. */
    private static String boot() throws IOException {
        return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "process " + ProcessHandle.current().pid();
    }

    AccountStore store() {
        return store;
    }

    SearchIndexes searchIndexes() {
        return searchIndexes;
    }

    MaildirStatistics maildirs() {
        return maildirs;
    }

    /** Registers its figures; once. */
    void measure(Metrics metrics) {
        metrics.gauge("open_accounts", "Accounts whose mail is open.", store::openAccounts);
        metrics.gauge("queries_waiting", "Work on accounts' databases that waits for a thread.", queries::waiting);
        metrics.gauge("search_indexes_pending", "Accounts whose search index is to be brought up to date.", searchIndexes::pending);
    }

    @Override
    public void close() {
        searchIndexes.close();
        searching.close();
        store.close();
        queries.close();
    }
}
