package io.mailserver.app;

import io.mailserver.account.LoginLimits;
import io.mailserver.admin.Answer;
import io.mailserver.admin.ControlClient;
import io.mailserver.admin.Operations;
import io.mailserver.admin.StoppedServer;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.cli.Backend;
import io.mailserver.cli.Outcome;
import io.mailserver.log.EventLog;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.queue.QueueStore;
import io.mailserver.spam.Learning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who does the operations of a command: the running server, or this process where none runs. */
final class Backends {
    /** How long to wait for another command, or for a server on its way up or down. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String COMMAND = "a command";
    /** In names of message files that a command makes. */
    private static final String COMMAND_HOST = "localhost";

    private static final int FILE_THREADS = 2;
    private static final int FILE_QUEUE = 100;

    private Backends() {}

    /**
     * Finds the server, or takes the lock.
     *
     * @param log of work done in this process
     * @throws OperatorException the folder does not exist, may not be used by this user, or stays in use by somebody who does not answer
     */
    static Backend connect(Locations where, Time time, EventLog log) throws IOException {
        Path data = where.data();
        if (!Files.isDirectory(data)) {
            throw new OperatorException(
                    "there is no data folder " + data,
                    "start the server first (start --domain example.com), or name another folder with --data");
        }
        ServiceUser.becomeOwnerOf(data);
        long start = time.nanos();
        while (time.nanos() - start < PATIENCE.toNanos()) {
            Optional<ControlClient> server = ControlClient.connect(data);
            if (server.isPresent()) {
                return new Running(server.get(), data, time);
            }
            Optional<DataLock> lock = DataLock.tryTake(data, COMMAND, time);
            if (lock.isPresent()) {
                return new Stopped(where, lock.get(), time, log);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return new Stopped(where, DataLock.take(data, COMMAND, time), time, log);
    }

    private static Outcome outcome(Answer answer) {
        return new Outcome(answer.ok(), answer.lines(), answer.data(), answer.hint());
    }

    /** A server that answers on its control socket. */
    private record Running(ControlClient server, Path data, Time time) implements Backend {
        @Override
        public Outcome run(String operation, JsonNode arguments, @Nullable Consumer<String> live) throws IOException {
            return outcome(server.run(operation, arguments, live));
        }

        @Override
        public void awaitEnd() throws IOException {
            server.awaitEnd();
            // The control socket closes shortly before the data lock: whoever starts a server next must find that free.
            long start = time.nanos();
            while (time.nanos() - start < PATIENCE.toNanos()) {
                Optional<DataLock> lock = DataLock.tryTake(data, COMMAND, time);
                if (lock.isPresent()) {
                    lock.get().close();
                    return;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** No server: the same operations here, under the data lock. */
    private static final class Stopped implements Backend {
        private final DataFolder folder;
        private final PlatformPool files = new PlatformPool("files", FILE_THREADS, FILE_QUEUE);
        private final Storage storage;
        private final Operations operations;
        private @Nullable QueueStore queue;
        private @Nullable Learning learning;

        Stopped(Locations where, DataLock lock, Time time, EventLog log) {
            SecureRandom random = new SecureRandom();
            folder = DataFolder.open(where.data(), lock, LoginLimits.of(where.config().auth()), random, time, log);
            storage = storage(where, random, time, log);
            operations = new Operations(
                    new Operations.Parts(folder.accounts(), folder.folders(), storage.store(), files, null, new StoppedServer(),
                            () -> DnsFacts.of(where.config(), folder.accounts().domains()),
                            () -> queue(where, random, time, log), () -> learning(time, log),
                            () -> where.config().sending(), random, time), log);
        }

        /** Opened when a command asks for it: most do not. */
        private QueueAdmin queue(Locations where, SecureRandom random, Time time, EventLog log) throws IOException {
            QueueStore opened = queue;
            if (opened == null) {
                opened = Sending.store(where.data(), files, random, log);
                queue = opened;
            }
            String hostname = where.config().hostname().map(Domain::ascii).orElse("localhost");
            return QueueAdmin.ofStopped(opened, hostname, where.config().queue().keepDead(), time);
        }

        /** Opened when a command asks for it. */
        private Learning learning(Time time, EventLog log) throws IOException {
            Learning opened = learning;
            if (opened == null) {
                opened = SpamFiltering.learning(folder, files, time, log);
                learning = opened;
            }
            return opened;
        }

        private Storage storage(Locations where, SecureRandom random, Time time, EventLog log) {
            try {
                return Storage.over(folder, files, COMMAND_HOST, where.config().storage().folders(), random, time, log);
            } catch (IOException e) {
                String reason = "the data folder " + where.data() + " cannot be used: " + e.getMessage();
                throw new OperatorException(reason, "look at the disk", e);
            }
        }

        @Override
        public Outcome run(String operation, JsonNode arguments, @Nullable Consumer<String> live) {
            return outcome(operations.run(operation, arguments, live));
        }

        @Override
        public void awaitEnd() {}

        @Override
        public void close() {
            if (learning != null) {
                learning.close();
            }
            if (queue != null) {
                queue.close();
            }
            storage.close();
            files.close();
            folder.close();
        }
    }
}
