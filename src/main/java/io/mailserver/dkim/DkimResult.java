package io.mailserver.dkim;

import io.mailserver.base.Domain;
import java.util.List;
import java.util.Optional;

/**
 * What became of one signature, and why.
 *
 * @param verdict never {@link DkimVerdict#NONE}
 * @param reason in a few words, printable ASCII; empty for a pass
 * @param domain who claims responsibility ({@code d=}), where that could be read
 * @param selector which of its keys ({@code s=}); empty where unknown
 * @param identity on whose behalf ({@code i=}); empty where unknown
 * @param algorithm the word of {@code a=}; empty where unknown
 * @param signatureStart the first octets of {@code b=}, to tell signatures of one domain apart (RFC 6008); empty where unknown
 * @param testing whether the key's owner asks to treat the message as unsigned (RFC 6376 §3.6.1)
 * @param unsignedOctets how many octets of the body the signature leaves out ({@code l=}): somebody may have added them
 */
public record DkimResult(
        DkimVerdict verdict,
        String reason,
        Optional<Domain> domain,
        String selector,
        String identity,
        String algorithm,
        String signatureStart,
        boolean testing,
        long unsignedOctets) {
    /** One word for a message: a pass if any passes, else what may still become one, else the first failure. */
    public static DkimVerdict overall(List<DkimResult> results) {
        List<DkimVerdict> order = List.of(DkimVerdict.PASS, DkimVerdict.TEMPERROR, DkimVerdict.FAIL, DkimVerdict.PERMERROR);
        return order.stream().filter(verdict -> results.stream().anyMatch(result -> result.verdict() == verdict)).findFirst()
                .orElse(DkimVerdict.NONE);
    }
}
