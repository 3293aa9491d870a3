package io.mailserver.spam;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What the whole server and each account have learned of junk and wanted mail, on disk and in memory. An account's is two files in its
 * folder, read when it gets mail and kept while others need the memory less; an account that never moved anything has none.
 *
 * <p>What was learned is written within a minute ({@link #save}); a crash loses that minute, and files that are damaged are begun anew:
 * training is a comfort, no mail hangs on it.
 *
 * <p>Safe for use by any thread; blocks for file work.
 */
public final class Learning implements AutoCloseable {
    /** The whole server's: two mebibytes of memory when full. */
    private static final int SERVER_TOKENS = 1 << 18;

    /** An account's: half a mebibyte when full. */
    private static final int ACCOUNT_TOKENS = 1 << 16;

    /** Accounts whose training is kept in memory. */
    static final int MAX_OPEN = 64;

    /** Accounts of which it is remembered that they have neither file. */
    private static final int MAX_UNTRAINED = 20_000;

    /** What one account may teach the whole server in a day: nobody decides alone what is junk for all. */
    static final int SHARED_PER_DAY = 50;

    /** What clear cases may teach in a day, so that a flood of one kind does not crowd out all the rest. */
    static final int CLEAR_PER_DAY = 200;

    /** Of clear cases there are never many more of one kind than of the other. */
    private static final int MAX_IMBALANCE = 3;

    private static final String LEARNED = "spam-learned";
    private static final String LESSONS = "spam-lessons";

    private final Parts parts;
    private final BayesClassifier server;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final LinkedHashMap<AccountKey, Student> open = new LinkedHashMap<>(16, 0.75f, true);
    /** Guarded by {@link #lock}. */
    private final Map<AccountKey, Boolean> untrained = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountKey, Boolean> eldest) {
            return size() > MAX_UNTRAINED;
        }
    };
    private long day;
    private int clearSpam;
    private int clearHam;
    private final LongAdder moved = new LongAdder();
    private final LongAdder takenBack = new LongAdder();
    private final LongAdder clear = new LongAdder();
    private final LongAdder filesAsked = new LongAdder();

    /**
     * What it stands on.
     *
     * @param folder of the server's own file; exists
     * @param accounts the folder of an account, which exists
     * @param pool runs file work
     */
    public record Parts(Path folder, Function<AccountKey, Path> accounts, PlatformPool pool, Time time, EventLog log) {}

    /** One account's. Its lessons are for the training thread alone. */
    static final class Student {
        private final AccountKey account;
        private final Path folder;
        private final BayesClassifier classifier;
        private final Lessons lessons;
        private long day;
        private int sharedToday;

        private Student(AccountKey account, Path folder, BayesClassifier classifier, Lessons lessons) {
            this.account = account;
            this.folder = folder;
            this.classifier = classifier;
            this.lessons = lessons;
        }

        Lessons lessons() {
            return lessons;
        }
    }

    private Learning(Parts parts, BayesClassifier server) {
        this.parts = parts;
        this.server = server;
    }

    /** Opens what the server learned. */
    public static Learning open(Parts parts) {
        return new Learning(parts, classifier(parts, parts.folder().resolve("learned"), SERVER_TOKENS));
    }

    private static BayesClassifier classifier(Parts parts, Path file, int tokens) {
        try {
            return BayesClassifier.open(file, tokens);
        } catch (IOException e) {
            parts.log().error("spam.learned-lost", e, "path", file);
            return BayesClassifier.empty(file, tokens);
        }
    }

    /** What the whole server learned. */
    public BayesClassifier server() {
        return server;
    }

    /** What an account learned; empty where it learned nothing yet. */
    public Optional<BayesClassifier> of(AccountKey account) throws IOException {
        lock.lock();
        try {
            if (untrained.get(account) != null) {
                return Optional.empty();
            }
            Student student = open.get(account);
            if (student != null) {
                return Optional.of(student.classifier);
            }
        } finally {
            lock.unlock();
        }
        return trainedOnDisk(account) ? Optional.of(student(account).classifier) : Optional.empty();
    }

    /** Asks the disk, and remembers that there is nothing. */
    private boolean trainedOnDisk(AccountKey account) throws IOException {
        filesAsked.increment();
        Path folder = parts.accounts().apply(account);
        if (parts.pool().call(() -> Files.exists(folder.resolve(LEARNED)) || Files.exists(folder.resolve(LESSONS)))) {
            return true;
        }
        lock.lock();
        try {
            if (open.get(account) == null) { // Else it may have learned meanwhile.
                untrained.put(account, true);
            }
        } finally {
            lock.unlock();
        }
        return false;
    }

    /** An account's training, for its moves; made where there is none. */
    Student student(AccountKey account) throws IOException {
        boolean nothing;
        lock.lock();
        try {
            Student known = open.get(account);
            if (known != null) {
                return known;
            }
            nothing = untrained.get(account) != null;
        } finally {
            lock.unlock();
        }
        nothing = nothing || !trainedOnDisk(account);
        Student student = nothing ? beginner(account) : parts.pool().call(() -> read(account));
        lock.lock();
        try {
            Student faster = open.putIfAbsent(account, student);
            if (faster != null) {
                return faster;
            }
        } finally {
            lock.unlock();
        }
        makeRoom();
        return student;
    }

    /** Lets the students go that were not needed for longest, once what they learned is on disk. */
    private void makeRoom() {
        List<Student> surplus = new ArrayList<>();
        lock.lock();
        try {
            open.values().stream().limit(Math.max(0, open.size() - MAX_OPEN)).forEach(surplus::add);
        } finally {
            lock.unlock();
        }
        for (Student each : surplus) {
            save(each);
            lock.lock();
            try {
                open.remove(each.account, each);
            } finally {
                lock.unlock();
            }
        }
    }

    private Student beginner(AccountKey account) {
        Path folder = parts.accounts().apply(account);
        return new Student(account, folder, BayesClassifier.empty(folder.resolve(LEARNED), ACCOUNT_TOKENS), new Lessons());
    }

    private Student read(AccountKey account) {
        Path folder = parts.accounts().apply(account);
        return new Student(account, folder, classifier(parts, folder.resolve(LEARNED), ACCOUNT_TOKENS), lessons(folder.resolve(LESSONS)));
    }

    private Lessons lessons(Path file) {
        try {
            return Lessons.decode(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new Lessons();
        } catch (IOException e) {
            parts.log().error("spam.learned-lost", e, "path", file);
            return new Lessons();
        }
    }

    /** An account has moved a message: it learns, and the server does within limits. */
    Lessons.Lesson moved(AccountKey account, Student student, Tokens tokens, boolean junk) {
        student.classifier.learn(tokens, junk);
        trained(account);
        boolean shared = mayShare(student);
        if (shared) {
            server.learn(tokens, junk);
        }
        moved.increment();
        return Lessons.Lesson.of(junk, shared);
    }

    private boolean mayShare(Student student) {
        long today = today();
        lock.lock();
        try {
            if (student.day != today) {
                student.day = today;
                student.sharedToday = 0;
            }
            return student.sharedToday++ < SHARED_PER_DAY;
        } finally {
            lock.unlock();
        }
    }

    private long today() {
        return parts.time().now().getEpochSecond() / Duration.ofDays(1).toSeconds();
    }

    /** A message was moved back: as if it had never been moved. */
    void takenBack(Student student, Tokens tokens, Lessons.Lesson lesson) {
        student.classifier.unlearn(tokens, lesson.junk());
        if (lesson.shared()) {
            server.unlearn(tokens, lesson.junk());
        }
        takenBack.increment();
    }

    /** The operator teaches the whole server, or one account. */
    public void taught(Optional<AccountKey> account, Tokens tokens, boolean junk) throws IOException {
        if (account.isPresent()) {
            student(account.get()).classifier.learn(tokens, junk);
            trained(account.get());
        } else {
            server.learn(tokens, junk);
        }
    }

    /** How often the disk was asked for an account's training. */
    long filesAsked() {
        return filesAsked.sum();
    }

    private void trained(AccountKey account) {
        lock.lock();
        try {
            untrained.remove(account);
        } finally {
            lock.unlock();
        }
    }

    /** A message that needs nobody to say what it is teaches the server, within limits. Does not block. */
    public void clearCase(Tokens tokens, boolean junk) {
        lock.lock();
        try {
            if (day != today()) {
                day = today();
                clearSpam = 0;
                clearHam = 0;
            }
            BayesClassifier.Statistics known = server.statistics();
            int these = junk ? known.spamMessages() : known.hamMessages();
            int others = junk ? known.hamMessages() : known.spamMessages();
            if ((junk ? clearSpam : clearHam) >= CLEAR_PER_DAY
                    || these >= MAX_IMBALANCE * Math.max(others, BayesClassifier.MIN_MESSAGES)) {
                return;
            }
            if (junk) {
                clearSpam++;
            } else {
                clearHam++;
            }
        } finally {
            lock.unlock();
        }
        clear.increment();
        server.learn(tokens, junk);
    }

    /** Writes what was learned since the last time. */
    public void save() {
        List<Student> students;
        lock.lock();
        try {
            students = List.copyOf(open.values());
        } finally {
            lock.unlock();
        }
        try {
            parts.pool().call(() -> {
                server.save();
                return null;
            });
        } catch (IOException e) {
            parts.log().error("spam.learned-not-saved", e);
        }
        students.forEach(this::save);
    }

    /** The lessons first: what is lost between the two is forgotten, not learned twice. */
    private void save(Student student) {
        try {
            parts.pool().call(() -> {
                if (student.lessons.changed()) {
                    trained(student.account);
                    DurableFiles.replace(student.folder.resolve(LESSONS), student.lessons.encode());
                }
                student.classifier.save();
                return null;
            });
        } catch (IOException e) {
            parts.log().error("spam.learned-not-saved", e);
        }
    }

    /** An account goes, with its folder. */
    public void forget(AccountKey account) {
        lock.lock();
        try {
            open.remove(account);
            untrained.remove(account);
        } finally {
            lock.unlock();
        }
    }

    /** Registers its figures; once. */
    public void measure(Metrics metrics) {
        metrics.counter("spam_lessons_moved", "Messages that taught the filter by being moved into or out of Junk.", moved::sum);
        metrics.counter("spam_lessons_taken_back", "Such messages that were moved back.", takenBack::sum);
        metrics.counter("spam_lessons_clear", "Messages that taught the filter because it was clear what they are.", clear::sum);
        metrics.gauge("spam_learned_spam", "Messages that the whole server knows as junk.", () -> server.statistics().spamMessages());
        metrics.gauge("spam_learned_ham", "Messages that the whole server knows as wanted.", () -> server.statistics().hamMessages());
    }

    @Override
    public void close() {
        save();
    }
}
