package io.mailserver.jmap;

import io.mailserver.account.Quota;
import io.mailserver.store.AccountKey;
import io.mailserver.store.StoreException;
import io.mailserver.store.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Quota/get (RFC 9425 §4.1): what the account may hold in octets and messages, where that is limited. */
public final class QuotaType {
    static final String CAPABILITY = "urn:ietf:params:jmap:quota";

    private static final String OCTETS = "octets";
    private static final String MESSAGES = "messages";
    private static final List<String> PROPERTIES = List.of(
            "id", "resourceType", "used", "hardLimit", "scope", "name", "types", "warnLimit", "softLimit", "description");

    private final Function<AccountKey, Quota> quotas;

    private QuotaType(Function<AccountKey, Quota> quotas) {
        this.quotas = quotas;
    }

    /**
     * Adds it.
     *
     * @param quotas how much an account may hold; {@link Quota#NONE} also where that cannot be known
     */
    public static void addTo(Jmap jmap, Function<AccountKey, Quota> quotas) {
        QuotaType type = new QuotaType(quotas);
        jmap.methods().add(new JmapType("Quota", CAPABILITY, new ComputedRecords(PROPERTIES, type::all), null, null, null));
        jmap.sessions().add(CAPABILITY, Json::object, Json::object);
    }

    private Map<String, ObjectNode> all(JmapAccount account) throws StoreException {
        Quota quota = quotas.apply(account.key());
        Usage usage = account.mail().usage();
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        if (quota.bytes() > 0) {
            all.put(OCTETS, quota(OCTETS, "octets", usage.bytes(), quota.bytes()));
        }
        if (quota.messages() > 0) {
            all.put(MESSAGES, quota(MESSAGES, "count", usage.messages(), quota.messages()));
        }
        return all;
    }

    private static ObjectNode quota(String name, String resourceType, long used, long limit) {
        ObjectNode quota = Json.object()
                .put("resourceType", resourceType)
                .put("used", used)
                .put("hardLimit", limit)
                .put("scope", "account")
                .put("name", name);
        quota.set("types", Json.array(List.of("Email")));
        return quota.putNull("warnLimit").putNull("softLimit").putNull("description");
    }
}
