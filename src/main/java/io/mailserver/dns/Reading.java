package io.mailserver.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * What a message of a server says about a question.
 *
 * @param answer the answer; for an alias whose target the message does not tell of, "no data"
 * @param ttlSeconds how long it holds; 0 where the message does not say
 * @param alias the name to ask for next, where the message ends in a CNAME
 * @param aliases how many CNAMEs led there
 */
record Reading<R extends Rdata>(Answer<R> answer, long ttlSeconds, Optional<DnsName> alias, int aliases) {
    /** Extended errors that mean DNSSEC failed: from "DNSSEC Bogus" to "NSEC Missing" (RFC 8914 §4.7 to §4.13). */
    private static final int EDE_BOGUS = 6;

    private static final int EDE_NSEC_MISSING = 12;

    /** Reads a response to the question for {@code type} at {@code name}; {@code maxAliases} bounds the chain followed in it. */
    static <R extends Rdata> Reading<R> of(Message response, DnsName name, RecordType<R> type, int maxAliases) {
        int rcode = response.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Reading<>(failure(response), 0, Optional.empty(), 0);
        }
        boolean authentic = response.getHeader().getFlag(Flags.AD);
        DnsName owner = name;
        long ttl = Long.MAX_VALUE;
        for (int aliases = 0; aliases <= maxAliases; aliases++) {
            List<R> records = new ArrayList<>();
            Optional<CNAMERecord> cname = Optional.empty();
            for (Record record : response.getSection(Section.ANSWER)) {
                if (record.getDClass() != DClass.IN || !isAt(record.getName(), owner)) {
                    continue;
                }
                Optional<R> data = record.getType() == type.code() ? type.read(record) : Optional.empty();
                if (data.isPresent()) {
                    records.add(data.get());
                    ttl = Math.min(ttl, record.getTTL());
                } else if (record instanceof CNAMERecord found) {
                    cname = Optional.of(found);
                }
            }
            if (!records.isEmpty()) {
                return new Reading<>(new Answer.Found<>(records, owner, authentic), ttl, Optional.empty(), aliases);
            }
            Optional<DnsName> target = cname.flatMap(found -> RecordType.name(found.getTarget()));
            if (target.isEmpty()) {
                return negative(response, owner, ttl, aliases, authentic);
            }
            owner = target.get();
            ttl = Math.min(ttl, cname.get().getTTL());
        }
        return new Reading<>(new Answer.ServFail<>("more than " + maxAliases + " CNAMEs"), 0, Optional.empty(), maxAliases + 1);
    }

    /** RFC 2308 §2: the SOA in the authority section says how long "there is none" holds. */
    private static <R extends Rdata> Reading<R> negative(
            Message response, DnsName owner, long chainTtl, int aliases, boolean authentic) {
        Optional<SOARecord> soa = response.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance).map(SOARecord.class::cast).findFirst();
        long ttl = soa.map(record -> Math.min(chainTtl, Math.min(record.getTTL(), record.getMinimum()))).orElse(0L);
        if (response.getRcode() == Rcode.NXDOMAIN) {
            return new Reading<>(new Answer.NxDomain<>(authentic), ttl, Optional.empty(), aliases); // RFC 6604 §3: of the target
        }
        boolean unfinished = aliases > 0 && soa.isEmpty();
        return new Reading<>(new Answer.NoData<>(authentic), unfinished ? chainTtl : ttl,
                unfinished ? Optional.of(owner) : Optional.empty(), aliases);
    }

    private static boolean isAt(Name name, DnsName owner) {
        return RecordType.name(name).filter(owner::equals).isPresent();
    }

    private static <R extends Rdata> Answer<R> failure(Message response) {
        Optional<String> validator = validatorsReason(response);
        if (validator.isPresent()) {
            return new Answer.Bogus<>(validator.get());
        }
        String text = Rcode.string(response.getRcode());
        OPTRecord opt = response.getOPT();
        if (opt != null) {
            for (EDNSOption option : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
                if (option instanceof ExtendedErrorCodeOption error) {
                    text = text + ", " + printable(error.toString());
                    if (error.getErrorCode() >= EDE_BOGUS && error.getErrorCode() <= EDE_NSEC_MISSING) {
                        return new Answer.Bogus<>(text);
                    }
                }
            }
        }
        return new Answer.ServFail<>(text);
    }

    /** dnsjava's validator says why in a TXT record of a class of its own. */
    private static Optional<String> validatorsReason(Message response) {
        for (Record record : response.getSection(Section.ADDITIONAL)) {
            if (record instanceof TXTRecord txt
                    && txt.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS
                    && txt.getName().equals(Name.root)) {
                return Optional.of(printable(String.join("", txt.getStrings())));
            }
        }
        return Optional.empty();
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), 200));
        for (int i = 0; i < Math.min(text.length(), 200); i++) {
            char c = text.charAt(i);
            safe.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return safe.toString();
    }
}
