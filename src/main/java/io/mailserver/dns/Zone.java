package io.mailserver.dns;

import io.mailserver.base.OperatorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The whole DNS as somebody wrote it down, in zone file format (RFC 1035 §5) with the root as origin and a default TTL of five minutes.
 * Lines of its own say how names misbehave; they hold for the name and all below it:
 *
 * <pre>
 * example.com          MX   10 mail.example.com
 * mail.example.com     A    192.0.2.1
 * $AUTHENTIC example.com     answers are vouched for by DNSSEC
 * $SERVFAIL broken.example   the servers cannot say
 * $TIMEOUT silent.example    nobody answers
 * $BOGUS forged.example      DNSSEC fails
 * </pre>
 *
 * <p>Answers are those of a recursive resolver: chains of CNAMEs whole, wildcards (RFC 4592), NXDOMAIN only where nothing lies below.
 * Immutable.
 */
public final class Zone {
    private static final long DEFAULT_TTL_SECONDS = 300;
    private static final int MAX_CNAMES = 16;
    private static final int MAX_TEXT_OCTETS = 16 << 20;

    private final Map<DnsName, List<Record>> records = new LinkedHashMap<>();
    private final Set<DnsName> existing = new HashSet<>();
    private final Map<DnsName, Behaviour> behaviours = new LinkedHashMap<>();

    private enum Behaviour {
        /** Answers, without DNSSEC. */
        PLAIN,
        AUTHENTIC,
        SERVFAIL,
        TIMEOUT,
        BOGUS
    }

    private Zone() {
        existing.add(new DnsName(""));
    }

    /**
     * Reads a zone.
     *
     * @throws OperatorException with the first line that is not understood
     */
    public static Zone parse(String text) {
        if (text.length() > MAX_TEXT_OCTETS) {
            throw new OperatorException("the zone is larger than " + MAX_TEXT_OCTETS + " octets", "");
        }
        Zone zone = new Zone();
        StringBuilder plain = new StringBuilder(text.length());
        for (String line : text.lines().toList()) {
            plain.append(zone.readBehaviour(line) ? "" : line).append('\n'); // Keeps the line numbers of errors.
        }
        byte[] octets = plain.toString().getBytes(StandardCharsets.UTF_8);
        try (Master master = new Master(new ByteArrayInputStream(octets), Name.root, DEFAULT_TTL_SECONDS)) {
            master.disableIncludes(true); // An error, not silence.
            master.expandGenerate(false);
            for (Record record = next(master); record != null; record = next(master)) {
                zone.add(record);
            }
        } catch (IOException e) {
            throw new OperatorException("the zone text is wrong: " + e.getMessage(), "correct the line", e);
        }
        return zone;
    }

    /** dnsjava's reader meets some broken lines with an unchecked exception. */
    private static @Nullable Record next(Master master) throws IOException {
        try {
            return master.nextRecord();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("a line that is no record", e);
        }
    }

    /** What a resolver that knows only this zone answers; a name that times out does so at once. */
    public <R extends Rdata> Answer<R> lookup(DnsName name, RecordType<R> type) {
        try {
            Message query = Message.newQuery(Record.newRecord(new Name(name.wire()), type.code(), DClass.IN));
            query.addRecord(new OPTRecord(ZoneServer.UDP_PAYLOAD_OCTETS, 0, 0), Section.ADDITIONAL);
            return respond(query)
                    .map(response -> Reading.of(response, name, type, MAX_CNAMES).answer())
                    .orElseGet(Answer.TimedOut::new);
        } catch (IOException e) {
            throw new IllegalStateException("a valid name was refused", e);
        }
    }

    /** The response to a query; empty where there is none: names that time out. */
    Optional<Message> respond(Message query) {
        Record question = query.getQuestion();
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            response.getHeader().setFlag(Flags.RD);
        }
        if (question == null || question.getDClass() != DClass.IN || query.getHeader().getOpcode() != 0) {
            response.getHeader().setRcode(Rcode.NOTIMP);
            return Optional.of(response);
        }
        response.addRecord(question, Section.QUESTION);
        Optional<DnsName> asked = RecordType.name(question.getName());
        Behaviour behaviour = asked.map(this::behaviour).orElse(Behaviour.SERVFAIL);
        if (behaviour == Behaviour.TIMEOUT) {
            return Optional.empty();
        }
        if (query.getOPT() != null) {
            List<EDNSOption> errors = behaviour == Behaviour.BOGUS
                    ? List.of(new ExtendedErrorCodeOption(ExtendedErrorCodeOption.DNSSEC_BOGUS)) : List.of();
            int flags = query.getOPT().getFlags() & ExtendedFlags.DO;
            response.addRecord(new OPTRecord(ZoneServer.UDP_PAYLOAD_OCTETS, 0, 0, flags, errors), Section.ADDITIONAL);
        }
        if (behaviour == Behaviour.SERVFAIL || behaviour == Behaviour.BOGUS) {
            response.getHeader().setRcode(Rcode.SERVFAIL);
            return Optional.of(response);
        }
        asked.ifPresent(name -> answer(response, name, question.getType()));
        return Optional.of(response);
    }

    private void answer(Message response, DnsName asked, int type) {
        DnsName name = asked;
        boolean authentic = true;
        for (int aliases = 0; aliases <= MAX_CNAMES; aliases++) {
            Behaviour behaviour = behaviour(name);
            authentic &= behaviour == Behaviour.AUTHENTIC;
            if (aliases > 0 && behaviour != Behaviour.AUTHENTIC && behaviour != Behaviour.PLAIN) {
                response.getHeader().setRcode(Rcode.SERVFAIL); // The chain leads to where nobody can say.
                return;
            }
            List<Record> here = recordsAt(name);
            boolean found = false;
            for (Record record : here) {
                boolean covers = record instanceof RRSIGRecord signature && signature.getTypeCovered() == type;
                if (record.getType() == type || type == Type.ANY || covers) {
                    response.addRecord(record, Section.ANSWER);
                    found |= !covers;
                }
            }
            Optional<CNAMERecord> alias = here.stream()
                    .filter(CNAMERecord.class::isInstance).map(CNAMERecord.class::cast).findFirst();
            if (found || alias.isEmpty()) {
                conclude(response, name, found, authentic);
                return;
            }
            here.stream().filter(record -> record.getRRsetType() == Type.CNAME)
                    .forEach(record -> response.addRecord(record, Section.ANSWER));
            Optional<DnsName> target = RecordType.name(alias.get().getTarget());
            if (target.isEmpty()) {
                conclude(response, name, false, false);
                return;
            }
            name = target.get();
        }
    }

    private void conclude(Message response, DnsName name, boolean found, boolean authentic) {
        if (authentic) {
            response.getHeader().setFlag(Flags.AD);
        }
        if (found) {
            return;
        }
        if (!existing.contains(name) && recordsAt(name).isEmpty()) {
            response.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        for (DnsName apex = name; ; apex = apex.parent()) {
            List<Record> soa = records.getOrDefault(apex, List.of()).stream()
                    .filter(record -> record.getType() == Type.SOA).toList();
            soa.forEach(record -> response.addRecord(record, Section.AUTHORITY));
            if (!soa.isEmpty() || apex.text().isEmpty()) {
                return;
            }
        }
    }

    /** The records at a name, made from a wildcard where the name itself does not exist (RFC 4592 §3.3.1). */
    private List<Record> recordsAt(DnsName name) {
        if (existing.contains(name)) {
            return records.getOrDefault(name, List.of());
        }
        DnsName encloser = name.parent();
        while (!existing.contains(encloser)) {
            encloser = encloser.parent();
        }
        List<Record> made = new ArrayList<>();
        Optional<DnsName> wildcard = encloser.child("*");
        for (Record record : wildcard.map(star -> records.getOrDefault(star, List.of())).orElse(List.of())) {
            try {
                made.add(record.withName(new Name(name.wire())));
            } catch (IOException e) {
                throw new IllegalStateException("a valid name was refused", e);
            }
        }
        return made;
    }

    /** The behaviour set nearest above a name. */
    private Behaviour behaviour(DnsName name) {
        for (DnsName at = name; ; at = at.parent()) {
            Behaviour behaviour = behaviours.get(at);
            if (behaviour != null || at.text().isEmpty()) {
                return behaviour == null ? Behaviour.PLAIN : behaviour;
            }
        }
    }

    private boolean readBehaviour(String line) {
        if (!line.startsWith("$")) {
            return false;
        }
        String[] words = line.replaceFirst(";.*", "").strip().split("\\s+", -1);
        for (Behaviour behaviour : Behaviour.values()) {
            if (words[0].substring(1).toUpperCase(Locale.ROOT).equals(behaviour.name())) {
                Optional<DnsName> name = words.length != 2 ? Optional.empty()
                        : words[1].equals(".") ? Optional.of(new DnsName("")) : DnsName.parse(words[1]);
                behaviours.put(name.orElseThrow(() -> new OperatorException(
                        "the zone text is wrong: " + words[0] + " takes one name", "correct the line")), behaviour);
                return true;
            }
        }
        return false;
    }

    private void add(Record record) {
        DnsName name = RecordType.name(record.getName())
                .orElseThrow(() -> new OperatorException("the zone holds a name with a dot in a label", "correct it"));
        records.computeIfAbsent(name, any -> new ArrayList<>()).add(record);
        for (DnsName at = name; existing.add(at); at = at.parent()) {
            if (at.text().isEmpty()) {
                return;
            }
        }
    }
}
