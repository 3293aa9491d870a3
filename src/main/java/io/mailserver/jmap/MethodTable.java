package io.mailserver.jmap;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The methods there are, by name. Filled before it is used; then safe for use by any thread. */
public final class MethodTable {
    private final Map<String, Entry> methods = new HashMap<>();
    private final Set<String> capabilities = new HashSet<>();

    /** @param capability that a request must use for it */
    record Entry(String capability, JmapMethod method) {}

    /** Adds a method. */
    public MethodTable add(String name, String capability, JmapMethod method) {
        capabilities.add(capability);
        if (methods.put(name, new Entry(capability, method)) != null) {
            throw new IllegalArgumentException("there is a method " + name + " already");
        }
        return this;
    }

    /** Adds the standard methods of a type, those that it offers. */
    public MethodTable add(JmapType type) {
        new StandardMethods(type).addTo(this);
        return this;
    }

    /** The method of that name, if the request uses its capability. */
    Optional<JmapMethod> find(String name, Set<String> using) {
        return Optional.ofNullable(methods.get(name))
                .filter(entry -> using.contains(entry.capability()))
                .map(Entry::method);
    }

    /** The method of that name, for calls that another one makes. */
    Optional<JmapMethod> find(String name) {
        return Optional.ofNullable(methods.get(name)).map(Entry::method);
    }

    Set<String> capabilities() {
        return capabilities;
    }
}
