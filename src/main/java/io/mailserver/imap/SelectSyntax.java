package io.mailserver.imap;

import java.util.Optional;

/** SELECT and EXAMINE (RFC 9051 §6.3.2, RFC 7162 §3.1.8, §3.2.5). */
final class SelectSyntax {
    private SelectSyntax() {}

    static ImapCommand select(ImapVerb verb, ImapCursor cursor) throws ImapSyntaxException {
        String mailbox = cursor.mailbox();
        boolean condstore = false;
        Optional<Qresync> qresync = Optional.empty();
        if (cursor.trySpace() && !cursor.atEnd()) {
            cursor.octet('(');
            do {
                if (cursor.tryWord("CONDSTORE")) {
                    condstore = true;
                } else if (cursor.tryWord("QRESYNC")) {
                    cursor.space();
                    qresync = Optional.of(qresync(cursor));
                } else {
                    throw cursor.bad("The parameters of " + verb + " are CONDSTORE and QRESYNC");
                }
            } while (cursor.trySpace());
            cursor.octet(')');
        }
        return new ImapCommand.Select(verb, mailbox, condstore, qresync);
    }

    private static Qresync qresync(ImapCursor cursor) throws ImapSyntaxException {
        cursor.octet('(');
        long uidValidity = cursor.nzNumber();
        cursor.space();
        long modSeq = cursor.number64();
        if (modSeq == 0) {
            throw cursor.bad("The MODSEQ of QRESYNC is at least 1");
        }
        Optional<SequenceSet> uids = Optional.empty();
        Optional<Qresync.KnownPairs> pairs = Optional.empty();
        while (cursor.trySpace()) {
            if (cursor.peek() == '(' && pairs.isEmpty()) {
                pairs = Optional.of(pairs(cursor));
            } else if (uids.isEmpty() && pairs.isEmpty()) {
                uids = Optional.of(known(cursor));
            } else {
                throw cursor.bad("QRESYNC has too many arguments");
            }
        }
        cursor.octet(')');
        return new Qresync(uidValidity, modSeq, uids, pairs);
    }

    private static Qresync.KnownPairs pairs(ImapCursor cursor) throws ImapSyntaxException {
        cursor.octet('(');
        SequenceSet numbers = known(cursor);
        cursor.space();
        SequenceSet uids = known(cursor);
        cursor.octet(')');
        if (count(numbers) != count(uids)) {
            throw cursor.bad("The two sets of QRESYNC differ in size");
        }
        return new Qresync.KnownPairs(numbers, uids);
    }

    private static SequenceSet known(ImapCursor cursor) throws ImapSyntaxException {
        SequenceSet set = cursor.sequenceSet();
        if (set.hasStar() || set.isSavedResult()) {
            throw cursor.bad("The sets of QRESYNC name numbers, not * or $");
        }
        return set;
    }

    private static long count(SequenceSet set) {
        long[] ranges = set.resolve(0);
        long count = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            count += ranges[i + 1] - ranges[i] + 1;
        }
        return count;
    }
}
