package io.mailserver.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The keys that a tree of records has, read from its components and their {@link Key}s. */
final class Schema {
    private Schema() {}

    /** The form of a key's value. */
    enum Kind {
        /** One value. */
        VALUE,
        /** A list of values or of records. */
        LIST,
        /** A record: further keys. */
        SECTION
    }

    /**
     * One key.
     *
     * @param path with dots, from the root
     * @param item the type of the value, of the optional value, or of the list's items
     * @param optional whether the value may be absent
     */
    record Entry(String path, Key key, RecordComponent component, Kind kind, Class<?> item, boolean optional) {
        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }
    }

    /** The keys directly in {@code record}, in their order; {@code prefix} is the record's own path. */
    static List<Entry> keysOf(Class<?> record, String prefix) {
        List<Entry> entries = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            entries.add(entry(component, prefix));
        }
        return entries;
    }

    private static Entry entry(RecordComponent component, String prefix) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalStateException(component + " has no @Key");
        }
        String name = Words.kebab(component.getName());
        String path = prefix.isEmpty() ? name : prefix + "." + name;
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType generic) {
            Class<?> item = (Class<?>) generic.getActualTypeArguments()[0];
            boolean list = generic.getRawType() == List.class;
            return new Entry(path, key, component, list ? Kind.LIST : Kind.VALUE, item, !list);
        }
        Class<?> plain = component.getType();
        return new Entry(path, key, component, plain.isRecord() && isSection(plain) ? Kind.SECTION : Kind.VALUE, plain, false);
    }

    /** Whether a record is a section: its components are keys. Others ({@link ByteSize}) are values. */
    static boolean isSection(Class<?> type) {
        return type.isRecord() && type.getRecordComponents()[0].isAnnotationPresent(Key.class);
    }

    /** All keys below {@code record}, sections before what they hold; not the keys of list items. */
    static List<Entry> allKeysOf(Class<?> record) {
        List<Entry> all = new ArrayList<>();
        collect(record, "", all);
        return all;
    }

    private static void collect(Class<?> record, String prefix, List<Entry> all) {
        for (Entry entry : keysOf(record, prefix)) {
            all.add(entry);
            if (entry.kind() == Kind.SECTION) {
                collect(entry.item(), entry.path(), all);
            }
        }
    }

    /** The key of that path. */
    static Optional<Entry> find(Class<?> record, String path) {
        return allKeysOf(record).stream().filter(entry -> entry.path().equals(path)).findFirst();
    }

    /** The keys accepted by {@code wanted} whose values differ between two records of one type. */
    static List<String> changes(Record before, Record after, Predicate<Entry> wanted) {
        List<String> changed = new ArrayList<>();
        collectChanges(before, after, "", wanted, changed);
        return changed;
    }

    private static void collectChanges(
            Object before, Object after, String prefix, Predicate<Entry> wanted, List<String> changed) {
        for (Entry entry : keysOf(before.getClass(), prefix)) {
            Object old = valueOf(before, entry);
            Object now = valueOf(after, entry);
            if (entry.kind() == Kind.SECTION) {
                collectChanges(old, now, entry.path(), wanted, changed);
            } else if (!old.equals(now) && wanted.test(entry)) {
                changed.add(entry.path());
            }
        }
    }

    private static Object valueOf(Object record, Entry entry) {
        try {
            return entry.component().getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + entry.path(), e);
        }
    }
}
