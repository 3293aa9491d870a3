package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import tools.jackson.databind.node.ObjectNode;

/** Answers calls of one method; blocks as it likes. Safe for use by any thread. */
@FunctionalInterface
public interface JmapMethod {
    /**
     * @return the arguments of the response
     * @throws StoreException becomes serverUnavailable or serverFail
     */
    ObjectNode call(MethodCall call) throws MethodException, StoreException;
}
