package io.mailserver.account;

/**
 * Addresses every domain has without anybody making them: postmaster (RFC 5321 §4.5.1) and abuse (RFC 2142 §2). Mail for abuse goes
 * where the domain's postmaster's goes, that for postmaster to the postmaster of the server's first domain, unless an account or
 * alias of that name says otherwise.
 */
final class RoleAddress {
    static final String POSTMASTER = "postmaster";
    static final String ABUSE = "abuse";

    private RoleAddress() {}

    static boolean is(String canonicalLocalPart) {
        return canonicalLocalPart.equals(POSTMASTER) || canonicalLocalPart.equals(ABUSE);
    }
}
