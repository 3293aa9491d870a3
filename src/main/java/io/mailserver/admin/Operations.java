package io.mailserver.admin;

import io.mailserver.account.AccountSystem;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.SendingConfig;
import io.mailserver.doctor.ServerFacts;
import io.mailserver.log.EventLog;
import io.mailserver.log.Trace;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything an operator can ask for, by name: the same for the command line that talks to a running server, for one that works on a
 * data folder no server uses, and for the web interface to come. An answer never throws; passwords in arguments are never logged.
 *
 * <p>Safe for use by any thread; blocks for as long as the operation takes.
 */
public final class Operations {
    private final Map<String, Operation> byName = new HashMap<>();
    private final EventLog log;

    /**
     * What operations work with.
     *
     * @param files where file work runs
     * @param facts what the DNS should say of this server
     * @param queue mail for other servers
     * @param learning what the spam filter learned
     * @param sending how it goes there, as it is now
     * @param trace null where no server runs: there are no sessions to trace
     */
    public record Parts(
            AccountSystem accounts,
            AccountFolders folders,
            AccountStore store,
            PlatformPool files,
            @Nullable Trace trace,
            ServerControl server,
            Supplier<ServerFacts> facts,
            QueueSource queue,
            LearningSource learning,
            Supplier<SendingConfig> sending,
            SecureRandom random,
            Time time) {}

    public Operations(Parts parts, EventLog log) {
        this.log = log;
        register(new DomainOperations(parts).operations());
        register(new AccountOperations(parts).operations());
        register(new DeviceOperations(parts).operations());
        register(new SendingOperations(parts).operations());
        register(new BounceOperations(parts).operations());
        register(new LinkOperations(parts).operations());
        register(new AliasOperations(parts).operations());
        register(new StoreOperations(parts).operations());
        register(new DnsOperations(parts).operations());
        register(new ReportOperations(parts).operations());
        register(new QueueOperations(parts).operations());
        register(new SpamOperations(parts).operations());
        register(new ServerOperations(parts).operations());
    }

    /**
     * Runs one operation.
     *
     * @param name such as {@code account.add}
     * @param arguments an object with the arguments by name, or null
     */
    public Answer run(String name, JsonNode arguments) {
        return run(name, arguments, null);
    }

    /**
     * The same, with lines to be shown while it goes on; what was shown so is not in the answer again.
     *
     * @param live told of such lines, one at a time; null for nobody
     */
    public Answer run(String name, JsonNode arguments, @Nullable Consumer<String> live) {
        Operation operation = byName.get(name);
        if (operation == null) {
            return Answer.refused(
                    "there is no operation \"" + Texts.printable(name) + "\"",
                    "the server may be older or newer than this command; see ./mailserver version");
        }
        try {
            Answer answer = operation.handler().run(new Arguments(arguments, operation.arguments(), live));
            log.info("admin.done", "operation", name);
            return answer;
        } catch (OperatorException e) {
            log.info("admin.refused", "operation", name, "reason", reason(e));
            return Answer.refused(reason(e), e.hint());
        } catch (IOException e) {
            log.error("admin.failed", e, "operation", name);
            return Answer.refused("it failed: " + reason(e), "look at the disk and the log; what failed was not done");
        } catch (RuntimeException e) {
            log.error("admin.bug", e, "operation", name);
            return Answer.refused("an internal error happened: " + e.getClass().getSimpleName(), "look at the log, and report it please");
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private void register(List<Operation> operations) {
        for (Operation operation : operations) {
            if (byName.put(operation.name(), operation) != null) {
                throw new IllegalStateException(operation.name() + " twice");
            }
        }
    }
}
