package io.mailserver.imap;

import java.util.Set;

/** Words of the extended LIST (RFC 5258 §3, RFC 6154 §2, RFC 8440 §3). */
public final class ListOptions {
    private ListOptions() {}

    /** Which mailboxes. */
    public enum Select {
        SUBSCRIBED("SUBSCRIBED"),
        REMOTE("REMOTE"),
        RECURSIVEMATCH("RECURSIVEMATCH"),
        SPECIAL_USE("SPECIAL-USE");

        private final String word;

        Select(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** What to tell of them. STATUS and METADATA have arguments and are apart. */
    public enum Return {
        SUBSCRIBED("SUBSCRIBED"),
        CHILDREN("CHILDREN"),
        SPECIAL_USE("SPECIAL-USE"),
        MYRIGHTS("MYRIGHTS");

        private final String word;

        Return(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** RFC 5258 §3: RECURSIVEMATCH does not stand alone. */
    static boolean areValid(Set<Select> select) {
        return !select.contains(Select.RECURSIVEMATCH) || select.contains(Select.SUBSCRIBED);
    }
}
