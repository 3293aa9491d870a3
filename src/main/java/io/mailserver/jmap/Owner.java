package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Optional;

/**
 * What users see and change of their own accounts beyond the standards: the vendor capability of docs/jmap-vendor.md. Its types have the
 * standard methods, like all others.
 */
public final class Owner {
    /** The capability; decision 0850. */
    static final String CAPABILITY = "urn:mailserver:jmap";

    private Owner() {}

    /** Adds it, and VacationResponse. */
    public static void addTo(Jmap jmap, OwnerServices services) {
        VacationType.addTo(jmap, services.vacations());
        jmap.methods()
                .add(new DeviceType(services.devices()).type())
                .add(new PasswordType(services).type())
                .add(new JudgementType(services.checkedBy()).type())
                .add(new SafeHtmlType().type());
        jmap.sessions().add(CAPABILITY, Json::object, Json::object);
    }

    static StoreException unavailable(IOException e) {
        return new StoreException(StoreException.Cause.UNAVAILABLE, "The account cannot be read or written now", e);
    }

    /** The number in an id that is a letter and a number. */
    static Optional<Long> number(String id, String prefix) {
        return id.matches(prefix + "[1-9][0-9]{0,17}") ? Optional.of(Long.parseLong(id.substring(prefix.length()))) : Optional.empty();
    }
}
