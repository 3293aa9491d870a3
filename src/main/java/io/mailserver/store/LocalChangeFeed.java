package io.mailserver.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Tells listeners of this process, on the thread that publishes. Safe for use by any thread. */
final class LocalChangeFeed implements ChangeFeed {
    private final Map<AccountKey, List<Listener>> listeners = new ConcurrentHashMap<>();

    /** Compared by identity: one consumer may listen twice. */
    private static final class Listener {
        private final Consumer<Change> consumer;

        Listener(Consumer<Change> consumer) {
            this.consumer = consumer;
        }
    }

    private final List<BiConsumer<AccountKey, Change>> listenersToAll = new CopyOnWriteArrayList<>();

    @Override
    public void publish(AccountKey account, Change change) {
        for (BiConsumer<AccountKey, Change> listener : listenersToAll) {
            listener.accept(account, change);
        }
        for (Listener listener : listeners.getOrDefault(account, List.of())) {
            listener.consumer.accept(change);
        }
    }

    @Override
    public AccountMail.Watch subscribe(AccountKey account, Consumer<Change> consumer) {
        Listener added = new Listener(consumer);
        listeners.merge(account, List.of(added), (old, one) -> Stream.concat(old.stream(), one.stream()).toList());
        return () -> listeners.computeIfPresent(account, (key, old) -> {
            List<Listener> left = old.stream().filter(each -> each != added).toList();
            return left.isEmpty() ? null : left;
        });
    }

    @Override
    public AccountMail.Watch subscribeAll(BiConsumer<AccountKey, Change> listener) {
        listenersToAll.add(listener);
        return () -> listenersToAll.remove(listener);
    }

    @Override
    public boolean watched(AccountKey account) {
        return listeners.containsKey(account);
    }
}
