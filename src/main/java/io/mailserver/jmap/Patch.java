package io.mailserver.jmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Patch objects (RFC 8620 §5.3): paths into a record, with the values to set there. */
final class Patch {
    private Patch() {}

    /**
     * A record after a patch.
     *
     * @param record as /get gives it, with all that the patch may name; not changed
     * @throws SetException invalidPatch
     */
    static ObjectNode apply(ObjectNode record, ObjectNode patch) throws SetException {
        ObjectNode patched = record.deepCopy();
        List<String> paths = new ArrayList<>(patch.propertyNames());
        paths.sort(Comparator.naturalOrder());
        for (int i = 0; i + 1 < paths.size(); i++) {
            if (paths.get(i + 1).startsWith(paths.get(i) + "/")) {
                throw new SetException("invalidPatch", paths.get(i) + " and what is below it are both named");
            }
        }
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            set(patched, change.getKey(), change.getValue());
        }
        return patched;
    }

    private static void set(ObjectNode record, String path, JsonNode value) throws SetException {
        String[] tokens = path.split("/", -1);
        ObjectNode parent = record;
        for (int i = 0; i + 1 < tokens.length; i++) {
            @Nullable JsonNode next = parent.get(unescape(tokens[i]));
            if (next == null || !next.isObject()) {
                throw new SetException("invalidPatch", "there is nothing to set " + path + " in");
            }
            parent = next.asObject();
        }
        String last = unescape(tokens[tokens.length - 1]);
        if (value.isNull() && tokens.length > 1) {
            parent.remove(last);
        } else {
            parent.set(last, value);
        }
    }

    private static String unescape(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }
}
