package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The list of one mailbox (RFC 4314 §2), the owner left out: who has which rights. */
record AccessList(Map<Grantee, Rights> entries) {
    AccessList {
        entries = Map.copyOf(entries);
    }

    /** Of what is stored; what cannot be read grants nothing. */
    static AccessList of(Map<String, String> stored) {
        if (stored.isEmpty()) {
            return new AccessList(Map.of());
        }
        Map<Grantee, Rights> entries = new LinkedHashMap<>();
        stored.forEach((identifier, letters) -> {
            Optional<Grantee> grantee = Grantee.parse(identifier);
            Optional<Rights> rights = Rights.parse(letters);
            if (grantee.isPresent() && rights.isPresent()) {
                entries.put(grantee.get(), rights.get());
            } else if (identifier.startsWith("-")) {
                // Whom it would have taken which rights from cannot be told: nobody shall have them.
                entries.put(Grantee.anyone(true), Rights.ALL);
            }
        });
        return new AccessList(entries);
    }

    /** The rights of an account that is not the owner: what is granted to it and to anyone, less what is taken from it or anyone. */
    Rights of(AccountRef user, AccountRef owner) {
        Rights granted = Rights.NONE;
        Rights taken = Rights.NONE;
        for (Map.Entry<Grantee, Rights> entry : entries.entrySet()) {
            Grantee grantee = entry.getKey();
            if (!means(grantee, user, owner)) {
                continue;
            }
            if (grantee.negative()) {
                taken = taken.plus(entry.getValue());
            } else {
                granted = granted.plus(entry.getValue());
            }
        }
        return granted.minus(taken);
    }

    /** Anyone is whoever has an account in the owner's domain: other domains of a server may be other people's. */
    private static boolean means(Grantee grantee, AccountRef user, AccountRef owner) {
        return grantee.isAnyone() ? user.domain().equals(owner.domain()) : grantee.account() == user.id();
    }

    /** What the list says of just this grantee. */
    Rights entry(Grantee grantee) {
        return entries.getOrDefault(grantee, Rights.NONE);
    }
}
