package io.mailserver.jmap;

import io.mailserver.config.JmapConfig;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import tools.jackson.databind.node.ObjectNode;

/** The session resource (RFC 8620 §2): what the server can do, and where. Filled before it is used; then safe for any thread. */
public final class SessionResource {
    private final Supplier<JmapConfig> configs;
    private final Map<String, Capability> capabilities = new LinkedHashMap<>();

    /** What the session object says of a capability, for the server and for an account; made anew each time. */
    private record Capability(Supplier<ObjectNode> server, Supplier<ObjectNode> account, boolean inAccounts) {}

    public SessionResource(Supplier<JmapConfig> configs) {
        this.configs = configs;
        capabilities.put(Api.CORE, new Capability(this::core, Json::object, false));
        capabilities.put(Api.MAIL, new Capability(Json::object, SessionResource::mail, true));
    }

    /** Adds a capability. */
    public SessionResource add(String uri, Supplier<ObjectNode> server, Supplier<ObjectNode> account) {
        capabilities.put(uri, new Capability(server, account, true));
        return this;
    }

    boolean supports(String uri) {
        return capabilities.containsKey(uri);
    }

    /** @param base such as {@code https://mail.example.com}: what clients reach this server by */
    ObjectNode of(JmapUser user, String base) {
        ObjectNode session = content(user, base);
        return session.put("state", state(user));
    }

    /** Differs where the session differs; the same for all ways to the server. */
    String state(JmapUser user) {
        CRC32C sum = new CRC32C();
        sum.update(Json.text(content(user, "")).getBytes(StandardCharsets.UTF_8));
        return Long.toString(sum.getValue(), Character.MAX_RADIX);
    }

    private ObjectNode content(JmapUser user, String base) {
        ObjectNode session = Json.object();
        ObjectNode ofServer = session.putObject("capabilities");
        ObjectNode account = session.putObject("accounts").putObject(user.accountId())
                .put("name", user.name())
                .put("isPersonal", true)
                .put("isReadOnly", false);
        ObjectNode ofAccount = account.putObject("accountCapabilities");
        ObjectNode primary = session.putObject("primaryAccounts");
        capabilities.forEach((uri, capability) -> {
            ofServer.set(uri, capability.server().get());
            if (capability.inAccounts()) {
                ofAccount.set(uri, capability.account().get());
                primary.put(uri, user.accountId());
            }
        });
        return session.put("username", user.name())
                .put("apiUrl", base + JmapHandler.API)
                .put("downloadUrl", base + JmapHandler.DOWNLOAD + "/{accountId}/{blobId}/{name}?accept={type}")
                .put("uploadUrl", base + JmapHandler.UPLOAD + "/{accountId}")
                .put("eventSourceUrl", base + JmapHandler.EVENTS + "?types={types}&closeafter={closeafter}&ping={ping}");
    }

    private ObjectNode core() {
        JmapConfig config = configs.get();
        ObjectNode core = Json.object()
                .put("maxSizeUpload", config.maxSizeUpload().octets())
                .put("maxConcurrentUpload", config.maxConcurrentUpload())
                .put("maxSizeRequest", config.maxSizeRequest().octets())
                .put("maxConcurrentRequests", config.maxConcurrentRequests())
                .put("maxCallsInRequest", config.maxCallsInRequest())
                .put("maxObjectsInGet", config.maxObjectsInGet())
                .put("maxObjectsInSet", config.maxObjectsInSet());
        core.set("collationAlgorithms", Json.array(List.of("i;unicode-casemap")));
        return core;
    }

    /** RFC 8621 §1.3.1. */
    private static ObjectNode mail() {
        ObjectNode mail = Json.object()
                .putNull("maxMailboxesPerEmail")
                .put("maxMailboxDepth", io.mailserver.store.MailboxName.MAX_LEVELS)
                .put("maxSizeMailboxName", 255)
                .put("maxSizeAttachmentsPerEmail", 50_000_000)
                .put("mayCreateTopLevelMailbox", true);
        mail.set("emailQuerySortOptions", Json.array(EmailOrder.PROPERTIES));
        return mail;
    }
}
