package io.mailserver.jmap;

import io.mailserver.account.Credential;
import io.mailserver.account.Credentials;
import io.mailserver.account.RandomPassword;
import io.mailserver.base.OperatorException;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Password of {@link Owner#CAPABILITY}: the main one, which the user chooses, and others for single programs, which the server makes.
 * Whoever changes any shows the main one again. What is not shown is the password itself, but for once to whom it was made for.
 */
final class PasswordType implements JmapType.Setter {
    private static final String MAIN = "main";
    private static final String PREFIX = "p";
    private static final List<String> PROPERTIES = List.of("id", "label", "createdAt", "lastUsedAt", "isMain");

    private final OwnerServices services;

    PasswordType(OwnerServices services) {
        this.services = services;
    }

    JmapType type() {
        return new JmapType("Password", Owner.CAPABILITY, new ComputedRecords(PROPERTIES, this::all), null, null, this);
    }

    private Map<String, ObjectNode> all(JmapAccount account) throws StoreException {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        for (Credential credential : list(account)) {
            all.put(id(credential), Json.object()
                    .put("label", credential.label())
                    .put("createdAt", text(credential.created()))
                    .put("lastUsedAt", credential.lastUsed().map(PasswordType::text).orElse(null))
                    .put("isMain", isMain(credential)));
        }
        return all;
    }

    private List<Credential> list(JmapAccount account) throws StoreException {
        try {
            return services.credentials().list(account.exchange().user().name());
        } catch (IOException e) {
            throw Owner.unavailable(e);
        }
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static boolean isMain(Credential credential) {
        return credential.label().equals(Credentials.MAIN_LABEL);
    }

    private static String id(Credential credential) {
        return isMain(credential) ? MAIN : PREFIX + credential.id();
    }

    /** The proof that comes with a call; looked at once, when something first needs it. For one thread. */
    private static final class Proof {
        private final @Nullable String password;
        private @Nullable Outcome outcome;

        Proof(@Nullable String password) {
            this.password = password;
        }
    }

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return new Proof(arguments.optionalString("currentPassword").orElse(null));
    }

    private void requireProof(SetCall call) throws SetException, StoreException {
        Proof proof = (Proof) call.options();
        JmapUser user = call.account().exchange().user();
        if (proof.password == null) {
            throw new SetException("wrongPassword", "the argument currentPassword is missing");
        }
        Outcome outcome = proof.outcome;
        if (outcome == null) {
            try {
                outcome = services.passwords().confirm(user.name(), proof.password, user.client());
            } catch (IOException e) {
                throw Owner.unavailable(e);
            }
            proof.outcome = outcome;
        }
        switch (outcome) {
            case Outcome.Success _ -> { }
            case Outcome.Rejected _ -> throw new SetException("wrongPassword", "currentPassword is not the main password");
            case Outcome.LockedOut locked -> throw new SetException("rateLimit", "too many failed attempts; try again later")
                    .with("retryAfter", Math.max(1, locked.retryAfter().toSeconds()));
            case Outcome.Unavailable _ -> throw new SetException("rateLimit", "passwords cannot be checked now; try again");
        }
    }

    /** What goes wrong with what somebody chose is told without the hint, which is for operators. */
    private void set(SetCall call, String label, String password, Optional<Long> stays, String property) throws SetException,
            StoreException {
        try {
            services.credentials().set(call.account().exchange().user().name(), label, password, stays);
        } catch (OperatorException e) {
            throw SetException.invalidProperties(String.valueOf(e.getMessage()), property);
        } catch (IOException e) {
            throw Owner.unavailable(e);
        }
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException {
        requireOnly(record, "label");
        String label = record.path("label").stringValue("").strip();
        if (label.equals(Credentials.MAIN_LABEL) || find(call.account(), label).isPresent()) {
            throw SetException.invalidProperties("there is a password of that label", "label");
        }
        requireProof(call);
        String password = RandomPassword.make(services.random());
        set(call, label, password, Optional.empty(), "label");
        Credential made = find(call.account(), label).orElseThrow(SetException::notFound);
        return Json.object()
                .put("id", id(made))
                .put("label", label)
                .put("password", password)
                .put("createdAt", text(made.created()))
                .putNull("lastUsedAt")
                .put("isMain", false);
    }

    private Optional<Credential> find(JmapAccount account, String label) throws StoreException {
        return list(account).stream().filter(credential -> credential.label().equals(label)).findFirst();
    }

    private static void requireOnly(ObjectNode record, String property) throws SetException {
        for (Map.Entry<String, JsonNode> each : record.properties()) {
            if (!each.getKey().equals(property) || !each.getValue().isString()) {
                throw SetException.invalidProperties(each.getKey() + " cannot be set so", each.getKey());
            }
        }
        if (!record.has(property)) {
            throw SetException.invalidProperties(property + " is missing", property);
        }
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            try {
                if (!patch.getKey().equals(MAIN)) {
                    throw new SetException("forbidden", "a password for a program stays as it was made: destroy it, and create another");
                }
                requireOnly(patch.getValue(), "password");
                requireProof(call);
                // RFC 9700 §4.14: who changes his password stays signed in here, and nowhere else.
                set(call, Credentials.MAIN_LABEL, patch.getValue().path("password").stringValue(),
                        call.account().exchange().user().device(), "password");
                call.updated(MAIN, null);
            } catch (SetException e) {
                call.notUpdated(patch.getKey(), e);
            }
        }
    }

    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        for (String id : ids) {
            try {
                Credential credential = list(call.account()).stream().filter(each -> id(each).equals(id)).findFirst()
                        .orElseThrow(SetException::notFound);
                if (isMain(credential)) {
                    throw new SetException("forbidden", "without the main password nobody could sign in");
                }
                requireProof(call);
                remove(call, credential);
                call.destroyed(id);
            } catch (SetException e) {
                call.notDestroyed(id, e);
            }
        }
    }

    private void remove(SetCall call, Credential credential) throws SetException, StoreException {
        try {
            services.credentials().remove(call.account().exchange().user().name(), credential.label());
        } catch (OperatorException e) {
            throw SetException.notFound(); // Somebody else was quicker.
        } catch (IOException e) {
            throw Owner.unavailable(e);
        }
    }
}
