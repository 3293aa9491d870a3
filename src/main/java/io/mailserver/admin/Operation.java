package io.mailserver.admin;

import java.io.IOException;
import java.util.Set;

/**
 * One thing an operator can ask for.
 *
 * @param name such as {@code account.add}
 * @param arguments the names of the arguments it takes
 */
record Operation(String name, Set<String> arguments, Handler handler) {
    /** Does it; refuses by {@link io.mailserver.base.OperatorException}. */
    @FunctionalInterface
    interface Handler {
        Answer run(Arguments arguments) throws IOException;
    }
}
