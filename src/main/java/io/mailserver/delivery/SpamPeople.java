package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Resolution;
import io.mailserver.account.SenderLists;
import io.mailserver.account.SenderMemory;
import io.mailserver.base.Domain;
import io.mailserver.config.SpamConfig;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.Address;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.Finding;
import io.mailserver.spam.Learning;
import io.mailserver.spam.Personal;
import io.mailserver.spam.Tokens;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the accounts behind a message's recipients make of its sender: their lists, whom they have written to, what they learned, their
 * limits; and what the server remembers of the sender. The account's word counts before its domain's, that before the server's.
 *
 * <p>What is asked of the disk and fails counts as not known: mail never waits for it. Safe for use by any thread; blocks for the disk.
 */
public final class SpamPeople {
    static final String WANTED = "WANTED_SENDER";

    /** Decides alone, whatever else was found. */
    private static final double DECISIVE = 100;

    /** Fewer judged messages say nothing of a sender. */
    private static final double LEAST = 10;

    private final Function<Address, Resolution> directory;
    private final SenderLists lists;
    private final SenderMemory memory;
    private final Learning learning;
    private final EventLog log;

    /** @param directory who gets the mail for an address */
    public SpamPeople(
            Function<Address, Resolution> directory, SenderLists lists, SenderMemory memory, Learning learning, EventLog log) {
        this.directory = directory;
        this.lists = lists;
        this.memory = memory;
        this.learning = learning;
        this.log = log;
    }

    /**
     * For each recipient.
     *
     * @param author the address of the first author; empty if there is none
     */
    Map<String, Personal> of(Evidence evidence, String author) {
        Map<String, Personal> people = new HashMap<>();
        for (Address recipient : evidence.transaction().recipients()) {
            try {
                people.put(recipient.toString(), of(evidence, author, recipient));
            } catch (IOException e) {
                log.error("spam.people-unknown", e, "recipient", recipient);
            }
        }
        return people;
    }

    private Personal of(Evidence evidence, String author, Address recipient) throws IOException {
        // An alias of many is nobody's in particular: what one of them thinks is not the others' opinion.
        Optional<AccountRef> account = directory.apply(recipient) instanceof Resolution.Local local && local.accounts().size() == 1
                ? Optional.of(local.accounts().getFirst()) : Optional.empty();
        List<String> owners = new ArrayList<>();
        account.ifPresent(found -> owners.add(found.address().toString()));
        recipient.domain().map(Domain::ascii).ifPresent(owners::add);
        Optional<String> proven = provenAuthor(evidence, author);
        boolean known = false;
        Optional<BayesClassifier> own = Optional.empty();
        if (account.isPresent()) {
            known = proven.isPresent() && memory.knows(account.get().address().toString(), proven.get());
            own = learning.of(new AccountKey(account.get().domain(), account.get().localPart()));
        }
        OptionalInt junk = setting(owners, SenderLists.Setting.JUNK);
        OptionalInt reject = setting(owners, SenderLists.Setting.REJECT);
        owners.add("");
        return new Personal(own, known, listed(evidence, author, proven, owners).stream().toList(), junk, reject);
    }

    private static Optional<String> provenAuthor(Evidence evidence, String author) {
        return ProvenSender.authorDomain(evidence).filter(domain -> author.endsWith('@' + domain)).map(domain -> author);
    }

    private OptionalInt setting(List<String> owners, SenderLists.Setting setting) throws IOException {
        for (String owner : owners) {
            OptionalInt value = lists.setting(owner, setting);
            if (value.isPresent()) {
                return value;
            }
        }
        return OptionalInt.empty();
    }

    private Optional<Finding> listed(Evidence evidence, String author, Optional<String> proven, List<String> owners) throws IOException {
        Optional<String> provenEnvelope = ProvenSender.envelope(evidence);
        String mailFrom = evidence.transaction().mailFrom().toLowerCase(Locale.ROOT);
        List<String> noForgery = Stream.concat(provenEnvelope.stream(), proven.stream()).toList();
        for (String owner : owners) {
            Optional<Boolean> wanted = lists.wants(owner, noForgery, List.of(mailFrom, author));
            if (wanted.isPresent()) {
                return Optional.of(wanted.get()
                        ? new Finding(WANTED, -DECISIVE, "its sender is one of the wanted ones")
                        : new Finding("UNWANTED_SENDER", DECISIVE, "its sender is one of the unwanted ones"));
            }
        }
        return Optional.empty();
    }

    /** What is remembered of earlier mail from there. */
    List<Finding> reputation(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        try {
            Optional<String> domain = ProvenSender.authorDomain(evidence);
            if (domain.isPresent()) {
                reputation(memory.reputation(domainName(domain.get())), "its author's domain").ifPresent(findings::add);
            }
            if (findings.isEmpty() && !AddressChecks.isLocal(evidence.transaction().client())) {
                reputation(memory.reputation(Networks.of(evidence.transaction().client())), "its network").ifPresent(findings::add);
            }
        } catch (IOException e) {
            log.error("spam.people-unknown", e, "recipient", "");
        }
        return findings;
    }

    /** A good name takes time, and takes less away than a bad one gives. */
    private static Optional<Finding> reputation(SenderMemory.Reputation reputation, String whose) {
        double all = reputation.good() + reputation.bad();
        if (all < LEAST) {
            return Optional.empty();
        }
        double bad = reputation.bad() / all;
        if (bad > 0.9) {
            return Optional.of(new Finding("REPUTATION_BAD", 2.0, "nearly all mail of " + whose + " was junk lately"));
        }
        if (bad > 0.6) {
            return Optional.of(new Finding("REPUTATION_BAD", 1.0, "most mail of " + whose + " was junk lately"));
        }
        return bad < 0.02 ? Optional.of(new Finding("REPUTATION_GOOD", -0.8, "mail of " + whose + " was good lately")) : Optional.empty();
    }

    /** Remembers how a message was judged. Does not block. */
    void judged(Evidence evidence, boolean junk) {
        ProvenSender.authorDomain(evidence).ifPresent(domain -> memory.judged(domainName(domain), junk ? 0 : 1, junk ? 1 : 0));
        if (!AddressChecks.isLocal(evidence.transaction().client())) {
            memory.judged(Networks.of(evidence.transaction().client()), junk ? 0 : 1, junk ? 1 : 0);
        }
    }

    /** How long a sender has to wait; empty if it may pass, or nobody can say. */
    Optional<Duration> greylist(Evidence evidence, SpamConfig.Greylisting config) {
        Optional<Duration> longest = Optional.empty();
        // Large senders try again from another of their networks.
        String origin = ProvenSender.authorDomain(evidence).map(SpamPeople::domainName)
                .orElseGet(() -> Networks.of(evidence.transaction().client()));
        String sender = evidence.transaction().mailFrom().toLowerCase(Locale.ROOT);
        try {
            for (Address recipient : evidence.transaction().recipients()) {
                Optional<Duration> left = memory.greylist(origin, sender, recipient.toString(), config.delay(), config.keep());
                longest = left.isPresent() ? left : longest;
            }
            return longest;
        } catch (IOException e) {
            log.error("spam.people-unknown", e, "recipient", "");
            return Optional.empty();
        }
    }

    /** The server learns a message that needs nobody to say what it is. Does not block. */
    void clearCase(Tokens tokens, boolean junk) {
        learning.clearCase(tokens, junk);
    }

    private static String domainName(String domain) {
        return "domain " + domain;
    }
}
