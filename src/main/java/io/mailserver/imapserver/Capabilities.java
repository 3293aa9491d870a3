package io.mailserver.imapserver;

import io.mailserver.sasl.SaslLogin;
import java.util.ArrayList;
import java.util.List;

/** What CAPABILITY names, by the state of the session (RFC 9051 §6.1.1). Only what works is named. */
final class Capabilities {
    private static final List<String> ALWAYS = List.of("IMAP4rev1", "IMAP4rev2", "ID", "ENABLE", "SASL-IR");

    private static final List<String> AFTER_LOGIN = List.of(
            "LITERAL+",
            "IDLE",
            "NAMESPACE",
            "CHILDREN",
            "SPECIAL-USE",
            "CREATE-SPECIAL-USE",
            "UIDPLUS",
            "UNSELECT",
            "MOVE",
            "MULTIAPPEND",
            "CONDSTORE",
            "QRESYNC",
            "STATUS=SIZE",
            "OBJECTID",
            "SAVEDATE",
            "PREVIEW",
            "BINARY",
            "METADATA",
            "REPLACE",
            "ACL",
            "RIGHTS=kxte",
            "LIST-MYRIGHTS",
            "LIST-EXTENDED",
            "LIST-STATUS",
            "LIST-METADATA",
            "UTF8=ACCEPT",
            "UNAUTHENTICATE",
            "COMPRESS=DEFLATE",
            "ESEARCH",
            "SEARCHRES",
            "SEARCH=FUZZY",
            "WITHIN",
            "PARTIAL",
            "SORT",
            "SORT=DISPLAY",
            "ESORT",
            "CONTEXT=SEARCH",
            "CONTEXT=SORT",
            "UIDONLY",
            "UIDBATCHES",
            "THREAD=ORDEREDSUBJECT",
            "THREAD=REFERENCES",
            "MULTISEARCH",
            "I18NLEVEL=1",
            "QUOTA",
            "QUOTA=RES-STORAGE",
            "QUOTA=RES-MESSAGE",
            "NOTIFY",
            "FILTERS",
            "INPROGRESS",
            "LANGUAGE",
            "CATENATE",
            "URLAUTH");

    private Capabilities() {}

    /**
     * Before login.
     *
     * @param startTls whether STARTTLS can be said now
     * @param mayLogIn whether a password is taken now
     */
    static List<String> beforeLogin(boolean startTls, boolean mayLogIn, SaslLogin login) {
        List<String> names = new ArrayList<>(ALWAYS);
        names.add("LITERAL-"); // RFC 7888 §5: nobody unknown makes us read much
        if (startTls) {
            names.add("STARTTLS");
        }
        if (mayLogIn) {
            login.offered().forEach(mechanism -> names.add("AUTH=" + mechanism.label()));
        } else {
            names.add("LOGINDISABLED");
        }
        return names;
    }

    /**
     * After login.
     *
     * @param appendLimit octets (RFC 7889 §2)
     */
    static List<String> afterLogin(long appendLimit) {
        List<String> names = new ArrayList<>(ALWAYS);
        names.addAll(AFTER_LOGIN);
        names.add("APPENDLIMIT=" + appendLimit);
        return names;
    }
}
