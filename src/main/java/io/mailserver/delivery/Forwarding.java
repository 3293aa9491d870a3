package io.mailserver.delivery;

import io.mailserver.account.Forward;
import io.mailserver.account.Resolution;
import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcSealer;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.log.EventLog;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.returnpath.SenderRewriting;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import io.mailserver.submission.OutgoingSigner;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Forwards messages to the targets that aliases have at other servers: under a return address of ours (SRS), sealed with what we found of
 * the sender (RFC 8617), and marked so that we know the message when it comes back. One copy an alias, so that none names another.
 *
 * <p>Safe for use by any thread.
 */
public final class Forwarding {
    private final SenderRewriting rewriting;
    private final OutgoingSigner.Keys keys;
    private final ArcSealer sealer;
    private final Predicate<Domain> ours;
    private final String hostname;
    private final EventLog log;

    /**
     * @param keys of our domains
     * @param ours whether a domain is hosted here
     * @param hostname of this server, the authserv-id of its results (RFC 8601 §2.5)
     */
    public Forwarding(SenderRewriting rewriting, OutgoingSigner.Keys keys, ArcSealer sealer, Predicate<Domain> ours,
            String hostname, EventLog log) {
        this.rewriting = rewriting;
        this.keys = keys;
        this.sealer = sealer;
        this.ours = ours;
        this.hostname = hostname;
        this.log = log;
    }

    /** Where notices for a return address of ours go on to; empty if it is none. */
    public Optional<Address> back(Address address) {
        return rewriting.back(address);
    }

    /**
     * Why a message must not go out again; empty if it may. What its author's domain wants refused is not passed on; nor is what comes
     * from outside, claims an author in a domain of ours, and cannot show it: SPF of our return address would pass for the author's.
     */
    Optional<String> obstacle(Optional<Judgement> judgement, List<Resolution> resolutions) {
        if (judgement.isEmpty() || judgement.get().evidence().dmarc().verdict() == DmarcVerdict.PASS) {
            return Optional.empty();
        }
        Evidence evidence = judgement.get().evidence();
        // Where a rule accepts it all the same (an allow list, a trusted sealer) we pass it on, with our word for it.
        boolean rejected = !(judgement.get().overall() instanceof Verdict.Accept)
                && evidence.dmarc().verdict() == DmarcVerdict.FAIL
                && evidence.dmarc().requested().filter(DmarcPolicy.REJECT::equals).isPresent();
        if (rejected) {
            return Optional.of("the author's domain wants it refused (DMARC)");
        }
        return evidence.authors().domains().stream().anyMatch(author -> isAligned(author, resolutions))
                ? Optional.of("it claims an author in a domain of ours")
                : Optional.empty();
    }

    /** Whether a return address at one of the aliases' domains could be taken for one of the author's domain. */
    private boolean isAligned(Domain author, List<Resolution> resolutions) {
        String name = author.ascii();
        while (!name.isEmpty()) {
            if (ours.test(new Domain(name))) {
                return true;
            }
            int dot = name.indexOf('.');
            name = dot < 0 ? "" : name.substring(dot + 1);
        }
        return resolutions.stream()
                .flatMap(each -> each instanceof Resolution.Local local ? local.forwards().stream() : Stream.empty())
                .anyMatch(forward -> forward.alias().host().toString().endsWith("." + author.ascii()));
    }

    /**
     * What a message is as it is forwarded.
     *
     * @param submitted whether one of our users did, whose authorship was checked
     * @param deliveredTo the addresses in its Delivered-To fields, in lower case
     * @param received our Received field
     */
    record Passing(
            String traceId,
            boolean submitted,
            Optional<Address> reversePath,
            MailParameters parameters,
            Set<String> deliveredTo,
            Content content,
            Optional<Judgement> judgement,
            String received) {}

    /** Whether mail for an address goes to another server, too. */
    static boolean goesOn(Resolution resolution) {
        return resolution instanceof Resolution.Returned
                || (resolution instanceof Resolution.Local local && !local.forwards().isEmpty());
    }

    /**
     * The copies to be made: one for each alias that leads elsewhere, each target once; notices for return addresses of ours.
     *
     * @param resolutions of {@code recipients}
     */
    List<Departures.Departure> departures(Passing message, List<Recipient> recipients, List<Resolution> resolutions) throws IOException {
        List<Departures.Departure> copies = new ArrayList<>();
        Map<Address, List<Recipient>> byAlias = new LinkedHashMap<>();
        Set<Address> targets = new HashSet<>();
        for (int i = 0; i < recipients.size(); i++) {
            if (resolutions.get(i) instanceof Resolution.Returned returned) {
                copies.add(returned(message, returned.sender()));
            }
            if (resolutions.get(i) instanceof Resolution.Local local) {
                for (Forward forward : local.forwards()) {
                    // Through this alias it went before: another round would be a loop.
                    if (!isLoop(forward, message.deliveredTo()) && targets.add(forward.target())) {
                        byAlias.computeIfAbsent(forward.alias(), key -> new ArrayList<>())
                                .add(target(forward, recipients.get(i), leadsToSeveral(local)));
                    }
                }
            }
        }
        for (Map.Entry<Address, List<Recipient>> each : byAlias.entrySet()) {
            copies.add(copy(message, each.getKey(), each.getValue()));
        }
        return copies;
    }

    private static boolean leadsToSeveral(Resolution.Local local) {
        return local.accounts().size() + local.forwards().size() > 1;
    }

    /**
     * What a sender is told who asked for word of success, once mail for an address was delivered: of an alias to several of whom some
     * are elsewhere that it was expanded (RFC 3461 §5.2.7.3 (c)); nothing where the wish goes on to a single one elsewhere (§5.2.7.2).
     */
    static Optional<RecipientNotice.Action> receipt(Resolution resolution) {
        if (!goesOn(resolution)) {
            return Optional.of(RecipientNotice.Action.DELIVERED);
        }
        return resolution instanceof Resolution.Local local && leadsToSeveral(local)
                ? Optional.of(RecipientNotice.Action.EXPANDED)
                : Optional.empty();
    }

    /** RFC 3461 §5.2.7: whoever is told of it is told of the address he knows; of success only where there is one target. */
    private static Recipient target(Forward forward, Recipient asked, boolean several) {
        Set<Notify> wishes = asked.notifyOn();
        if (several && wishes.contains(Notify.SUCCESS)) {
            wishes = wishes.stream().filter(wish -> wish != Notify.SUCCESS).collect(Collectors.toSet());
            wishes = wishes.isEmpty() ? Set.of(Notify.NEVER) : wishes;
        }
        return new Recipient(forward.target(), wishes, asked.withOriginal().originalRecipient());
    }

    /** Whether a message was forwarded through this alias before. */
    static boolean isLoop(Forward forward, Set<String> deliveredTo) {
        return deliveredTo.contains(forward.alias().toString().toLowerCase(Locale.ROOT));
    }

    /** A notice for a message that we forwarded, on its way back to that message's sender; itself never answered by one. */
    private static Departures.Departure returned(Passing notice, Address sender) {
        Recipient recipient = new Recipient(sender, Set.of(Notify.NEVER), Optional.empty());
        return new Departures.Departure(
                new QueueEnvelope(notice.traceId(), "", Optional.empty(), notice.parameters(), List.of(recipient)), notice.received(),
                false);
    }

    private Departures.Departure copy(Passing message, Address alias, List<Recipient> recipients) throws IOException {
        Domain domain = alias.domain().orElseThrow();
        Optional<Address> reversePath = message.submitted()
                ? message.reversePath() // one of our users, whose domain's SPF names us
                : message.reversePath().flatMap(sender -> rewriting.forward(sender, domain)); // RFC 5321 §4.5.5: null stays null
        QueueEnvelope envelope =
                new QueueEnvelope(message.traceId(), alias.toString(), reversePath, message.parameters(), recipients);
        String head = "Delivered-To: " + alias + "\r\n" + message.received();
        return new Departures.Departure(envelope, message.submitted() ? head : seal(message, domain) + head, message.submitted());
    }

    /** A new ARC set; none where there is no key, or nothing that can be sealed. */
    private String seal(Passing message, Domain domain) throws IOException {
        Optional<SigningKey> key = keys.of(domain).stream()
                .filter(each -> each.algorithm() == SigningAlgorithm.RSA_SHA256) // RFC 8617 §4.1.2 names this one; others are rare.
                .findFirst();
        if (key.isEmpty()) {
            return "";
        }
        AuthenticationResults results = message.judgement().map(Judgement::results)
                .orElseGet(() -> new AuthenticationResults(hostname, List.of()));
        ArcStatus status = message.judgement().map(Judgement::evidence).map(Evidence::arc).map(ArcResult::status).orElse(ArcStatus.NONE);
        SigningOptions options = SigningOptions.DEFAULTS;
        try (InputStream octets = message.content().open()) {
            HeaderBlock.Split split = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
            BodyHashes hashes = BodyHashes.of(split.body(), List.of(options.wantedHash()));
            ArcChain chain = ArcChain.read(split.header(), DkimLimits.DEFAULTS);
            return sealer.seal(chain, status, hashes, results, key.get(), options).orElse("");
        } catch (IllegalArgumentException e) {
            log.warn("forwarding.not-sealed", "message", message.traceId(), "cause", e.toString());
            return "";
        }
    }
}
