package io.mailserver.jmap;

import io.mailserver.account.AccessTokens;
import io.mailserver.account.Device;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Device of {@link Owner#CAPABILITY}: where the user is signed in, to be looked at and signed out. */
final class DeviceType implements JmapType.Setter {
    private static final List<String> PROPERTIES = List.of("id", "name", "kind", "createdAt", "lastUsedAt", "lastAddress", "isCurrent");

    private final AccessTokens devices;

    DeviceType(AccessTokens devices) {
        this.devices = devices;
    }

    JmapType type() {
        return new JmapType("Device", Owner.CAPABILITY, new ComputedRecords(PROPERTIES, this::all), null, null, this);
    }

    private Map<String, ObjectNode> all(JmapAccount account) throws StoreException {
        JmapUser user = account.exchange().user();
        try {
            Map<String, ObjectNode> all = new LinkedHashMap<>();
            for (Device device : devices.devices(user.number())) {
                all.put(id(device.id()), Json.object()
                        .put("name", device.name())
                        .put("kind", device.browser() ? "browser" : "program")
                        .put("createdAt", device.created().truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("lastUsedAt", device.lastUsed().truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("lastAddress", device.address())
                        .put("isCurrent", user.device().equals(Optional.of(device.id()))));
            }
            return all;
        } catch (IOException e) {
            throw Owner.unavailable(e);
        }
    }

    private static String id(long device) {
        return "d" + device;
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException {
        throw new SetException("forbidden", "a device comes into being by signing in at it");
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) {
        patches.keySet().forEach(id -> call.notUpdated(id, new SetException("forbidden", "a device can only be destroyed")));
    }

    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        long account = call.account().exchange().user().number();
        for (String id : ids) {
            try {
                Optional<Long> device = Owner.number(id, "d");
                if (device.isPresent() && devices.revoke(account, device.get())) {
                    call.destroyed(id);
                } else {
                    call.notDestroyed(id, SetException.notFound());
                }
            } catch (IOException e) {
                throw Owner.unavailable(e);
            }
        }
    }
}
