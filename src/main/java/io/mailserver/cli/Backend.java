package io.mailserver.cli;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where operations are done: in the running server, or here, under the data lock, when none runs. Closed by the command. */
public interface Backend extends AutoCloseable {
    /**
     * Does one operation.
     *
     * @param operation such as {@code account.add}
     * @param arguments an object
     * @throws io.mailserver.base.OperatorException it could not be asked for
     * @throws IOException the connection to the server broke
     */
    default Outcome run(String operation, JsonNode arguments) throws IOException {
        return run(operation, arguments, null);
    }

    /** The same; {@code live} sees lines while it goes on, which are not in the outcome again; null for nobody. */
    Outcome run(String operation, JsonNode arguments, @Nullable Consumer<String> live) throws IOException;

    /** After {@code stop}: waits until the server has ended. */
    void awaitEnd() throws IOException;

    @Override
    void close() throws IOException;
}
