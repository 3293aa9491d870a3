package io.mailserver.imapserver;

import io.mailserver.imap.ImapWriter;
import io.mailserver.sharing.Right;
import io.mailserver.sharing.Rights;
import io.mailserver.store.Flag;
import io.mailserver.store.MessageList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Flags on the wire. */
final class Flags {
    private static final String RECENT = "\\Recent";

    private Flags() {}

    /** The flags of one message in parentheses. */
    static ImapWriter write(ImapWriter out, MessageList list, long bits, boolean recent) throws IOException {
        out.open();
        boolean first = true;
        long rest = bits;
        while (rest != 0) {
            int bit = Long.numberOfTrailingZeros(rest);
            rest &= rest - 1;
            if (!first) {
                out.space();
            }
            first = false;
            out.ascii(name(list, bit));
        }
        if (recent) {
            if (!first) {
                out.space();
            }
            out.ascii(RECENT);
        }
        return out.close();
    }

    private static String name(MessageList list, int bit) {
        return (bit < MessageList.FIRST_KEYWORD ? Flag.SYSTEM.get(bit) : list.keywords().get(bit - MessageList.FIRST_KEYWORD)).name();
    }

    /** All flags of a mailbox in parentheses; {@code \*} where new keywords can be made (RFC 9051 §7.1 PERMANENTFLAGS). */
    static ImapWriter writeKnown(ImapWriter out, MessageList list, boolean newOnes) throws IOException {
        return out.flags(known(list, newOnes));
    }

    static List<String> known(MessageList list, boolean newOnes) {
        List<String> names = new ArrayList<>();
        Flag.SYSTEM.forEach(flag -> names.add(flag.name()));
        list.keywords().forEach(flag -> names.add(flag.name()));
        if (newOnes && list.keywords().size() < Flag.MAX_KEYWORDS) {
            names.add("\\*");
        }
        return names;
    }

    /** The flags that whoever has these rights can change for good (RFC 4314 §5.1.1). */
    static List<String> changeable(MessageList list, Rights rights) {
        List<String> names = known(list, true);
        if (!rights.has(Right.WRITE)) {
            names.removeIf(name -> !name.equals(Flag.SEEN.name()) && !name.equals(Flag.DELETED.name()));
        }
        if (!rights.has(Right.SEEN)) {
            names.remove(Flag.SEEN.name());
        }
        if (!rights.has(Right.DELETE_MESSAGES)) {
            names.remove(Flag.DELETED.name());
        }
        return names;
    }

    /** The flags that a client named; empty if one of them is none that it can set. */
    static Optional<Set<Flag>> parse(List<String> names) {
        Set<Flag> flags = new LinkedHashSet<>();
        for (String name : names) {
            Optional<Flag> flag = Flag.parse(name);
            if (flag.isEmpty()) {
                return Optional.empty();
            }
            flags.add(flag.get());
        }
        return Optional.of(flags);
    }
}
