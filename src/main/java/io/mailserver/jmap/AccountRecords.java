package io.mailserver.jmap;

import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records of JMAP that no other protocol knows, of one type: each an annotation of the account in {@code account.db} (RFC 5464), with the
 * number of its last change. What was destroyed is remembered for a while, for /changes. Safe for use by any thread.
 */
final class AccountRecords {
    private static final int LOCKS = 64;
    private static final int MAX_GONE = 500;
    private static final String MADE = "_made";
    private static final String AT = "_at";

    private final String folder;
    private final String prefix;
    private final int most;
    private final List<ReentrantLock> locks = Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    /**
     * @param name of the type in annotations, lower case
     * @param prefix of ids, a lower-case letter
     * @param most records of an account
     */
    AccountRecords(String name, String prefix, int most) {
        this.folder = "/private/vendor/jmap/" + name;
        this.prefix = prefix;
        this.most = most;
    }

    /** Changes records; all is written when it returns, or nothing when it throws. */
    @FunctionalInterface
    interface Change<T> {
        T apply(Edit edit) throws SetException, StoreException;
    }

    /** The records of an account at one moment, and what is done to them. For one thread. */
    final class Edit {
        private final Map<String, ObjectNode> records;
        private final ObjectNode head;
        private final Map<String, Optional<byte[]>> writes = new HashMap<>();
        private long last;

        Edit(Map<String, ObjectNode> records, ObjectNode head) {
            this.records = records;
            this.head = head;
            this.last = head.path("last").longValue(0);
        }

        /** A copy to look at or to put back. */
        Optional<ObjectNode> find(String id) {
            return Optional.ofNullable(records.get(id)).map(ObjectNode::deepCopy);
        }

        Map<String, ObjectNode> all() {
            return records;
        }

        /** A new id, never given before. */
        String create(ObjectNode record) throws SetException {
            if (records.size() >= most) {
                throw new SetException("overQuota", "there are " + most + " already, which is the most");
            }
            String id = prefix + (last + 1);
            put(id, record);
            return id;
        }

        /** Makes or replaces a record. */
        void put(String id, ObjectNode record) {
            last++;
            ObjectNode stored = record.deepCopy();
            ObjectNode before = records.get(id);
            stored.put(MADE, before == null ? last : before.path(MADE).longValue(last)).put(AT, last);
            records.put(id, stored);
            writes.put(path(id), Optional.of(Json.octets(stored)));
        }

        void remove(String id) {
            last++;
            ObjectNode before = records.remove(id);
            writes.put(path(id), Optional.empty());
            ObjectNode gone = head.withObject("gone");
            gone.put(id, (before == null ? last : before.path(MADE).longValue(last)) + " " + last);
            while (gone.size() > MAX_GONE) {
                String oldest = gone.propertyNames().iterator().next();
                head.put("forgotten", end(gone.path(oldest).stringValue("0 0")));
                gone.remove(oldest);
            }
        }
    }

    String state(JmapAccount account) throws StoreException {
        return state(account.mail());
    }

    String state(AccountMail mail) throws StoreException {
        return State.of(head(mail.mailboxes().metadata(Optional.empty(), folder + "/head")).path("last").longValue(0)).toString();
    }

    /** All records, the oldest first. */
    Map<String, ObjectNode> all(JmapAccount account) throws StoreException {
        return records(load(account));
    }

    <T> T change(JmapAccount account, Change<T> change) throws SetException, StoreException {
        AccountKey key = account.key();
        ReentrantLock lock = locks.get(Math.floorMod(key.hashCode(), LOCKS));
        lock.lock();
        try {
            Map<String, byte[]> stored = load(account);
            Edit edit = new Edit(records(stored), head(stored));
            T result = change.apply(edit);
            if (!edit.writes.isEmpty()) {
                edit.head.put("last", edit.last);
                edit.writes.put(folder + "/head", Optional.of(Json.octets(edit.head)));
                account.mail().mailboxes().setMetadata(Optional.empty(), edit.writes);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** For Foo/changes. */
    Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        Map<String, byte[]> stored = load(account);
        ObjectNode head = head(stored);
        long last = head.path("last").longValue(0);
        if (state > last || state < head.path("forgotten").longValue(0)) {
            return Optional.empty();
        }
        List<JmapType.Change> changes = new ArrayList<>();
        records(stored).forEach((id, record) -> {
            long at = record.path(AT).longValue(0);
            if (at > state) {
                changes.add(new JmapType.Change(id, at, record.path(MADE).longValue(0) > state, true));
            }
        });
        head.path("gone").properties().forEach(gone -> {
            String times = gone.getValue().stringValue("0 0");
            if (end(times) > state) {
                long made = Long.parseLong(times.substring(0, times.indexOf(' ')));
                changes.add(new JmapType.Change(gone.getKey(), end(times), made > state, false));
            }
        });
        return Optional.of(new JmapType.Changes(last, changes));
    }

    /** A record with some of its properties, as /get shows it. */
    static ObjectNode shown(String id, ObjectNode record, Set<String> properties) {
        ObjectNode shown = Json.object().put("id", id);
        for (String property : properties) {
            if (record.has(property)) {
                shown.set(property, record.get(property));
            } else {
                shown.putNull(property);
            }
        }
        return shown;
    }

    /** Those of some ids that exist, as /get shows them. */
    static Map<String, ObjectNode> shown(Map<String, ObjectNode> all, List<String> ids, Set<String> properties) {
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        for (String id : ids) {
            ObjectNode record = all.get(id);
            if (record != null) {
                found.put(id, shown(id, record, properties));
            }
        }
        return found;
    }

    /** All ids; empty if there are more than {@code limit}. */
    static Optional<List<String>> ids(Map<String, ObjectNode> all, int limit) {
        return all.size() > limit ? Optional.empty() : Optional.of(List.copyOf(all.keySet()));
    }

    private static long end(String times) {
        return Long.parseLong(times.substring(times.indexOf(' ') + 1));
    }

    private Map<String, byte[]> load(JmapAccount account) throws StoreException {
        return account.mail().mailboxes().metadata(Optional.empty(), folder);
    }

    private String path(String id) {
        return folder + "/records/" + id;
    }

    private ObjectNode head(Map<String, byte[]> stored) {
        byte[] octets = stored.get(folder + "/head");
        return octets == null ? Json.object() : parse(octets);
    }

    private Map<String, ObjectNode> records(Map<String, byte[]> stored) {
        List<Map.Entry<String, ObjectNode>> found = new ArrayList<>();
        String start = path("");
        stored.forEach((name, octets) -> {
            if (name.startsWith(start)) {
                found.add(Map.entry(name.substring(start.length()), parse(octets)));
            }
        });
        found.sort(Comparator.comparingLong(each -> each.getValue().path(MADE).longValue(0)));
        Map<String, ObjectNode> records = new LinkedHashMap<>();
        found.forEach(each -> records.put(each.getKey(), each.getValue()));
        return records;
    }

    /** Annotations can be written by IMAP, too: what is no record of ours is an empty one. */
    private static ObjectNode parse(byte[] octets) {
        try {
            return Json.parse(octets).asObjectOpt().orElseGet(Json::object);
        } catch (Json.NotJsonException e) {
            return Json.object();
        }
    }
}
