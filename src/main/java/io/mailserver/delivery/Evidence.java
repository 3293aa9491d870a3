package io.mailserver.delivery;

import io.mailserver.arc.ArcResult;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.AuthorDomains;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.spam.SpamReport;
import io.mailserver.spf.SpfResult;
import java.util.List;
import java.util.Optional;

/**
 * All that was found out about a message of a stranger; what to do with it is decided by nothing else.
 *
 * @param size of the message in octets
 * @param headerCut whether the header was too large to be read whole
 * @param iprev empty for a client on this machine or in a private network, whose names nobody else can know
 * @param dkim one result a signature, in the order of the header
 * @param authors the domains of From
 * @param listMark the field by which it looks like mail of a mailing list (RFC 2369, RFC 2919); empty if it does not
 * @param dnsAlive false if not one question was answered: no verdict on anybody then, but a machine without a network
 * @param content what the spam filter found in it
 */
public record Evidence(
        Transaction transaction,
        long size,
        boolean headerCut,
        Optional<IprevResult> iprev,
        HeloResult helo,
        SpfResult spfHelo,
        SpfResult spfMailFrom,
        List<DkimResult> dkim,
        ArcResult arc,
        AuthorDomains authors,
        DmarcResult dmarc,
        Optional<String> listMark,
        boolean dnsAlive,
        SpamReport content) {
    public Evidence {
        dkim = List.copyOf(dkim);
    }

    /** One word for all signatures. */
    public DkimVerdict dkimOverall() {
        return DkimResult.overall(dkim);
    }

    /** The sum of the points. */
    public double score() {
        return content.score();
    }

    /** This evidence with what was found in the content. */
    public Evidence with(SpamReport found) {
        return new Evidence(transaction, size, headerCut, iprev, helo, spfHelo, spfMailFrom, dkim, arc, authors, dmarc, listMark,
                dnsAlive, found);
    }
}
