package io.mailserver.account;

import io.mailserver.account.DkimKey.State;
import io.mailserver.base.Time;
import io.mailserver.dkim.KeyRecord;
import io.mailserver.dkim.TagList.SyntaxException;
import io.mailserver.dns.Answer;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Moves keys from state to state: a new one takes over when the DNS shows it, an old one's record may go when no mail that it signed can be
 * on its way any more. To be called from time to time; each call does what is due. Blocks for the DNS and the database.
 */
public final class DkimRotation {
    /** Mail is tried for five days (RFC 5321 §4.5.4.1), and looked at later still. */
    static final Duration RETIREMENT = Duration.ofDays(14);

    /** How long a key that may go is still shown. */
    static final Duration SHOWN = Duration.ofDays(60);

    private static final Duration QUESTION = Duration.ofSeconds(10);

    private final DkimKeys keys;
    private final Domains domains;
    private final Resolver resolver;
    private final Time time;
    private final EventLog log;

    public DkimRotation(AccountSystem accounts, Resolver resolver, Time time, EventLog log) {
        this.keys = accounts.dkimKeys();
        this.domains = accounts.domains();
        this.resolver = resolver;
        this.time = time;
        this.log = log;
    }

    /** Does what is due now; trouble is logged and tried again next time. */
    public void step() {
        try {
            for (MailDomain domain : domains.list()) {
                keys.ensure(domain.name()); // Those of an older format have none.
            }
            for (DkimKey pending : keys.inState(State.PENDING)) {
                if (isPublished(pending, resolver)) {
                    keys.activate(pending);
                    log.say("[DKIM] " + pending.recordName() + " is published and signs from now on", "dkim.activated", "domain",
                            pending.domain(), "selector", pending.selector());
                }
            }
            Instant now = time.now();
            for (DkimKey retiring : keys.inState(State.RETIRING)) {
                if (!retiring.since().plus(RETIREMENT).isAfter(now)) {
                    keys.remove(retiring);
                    log.say("[DKIM] " + retiring.recordName() + " may be taken out of the zone", "dkim.retired", "domain",
                            retiring.domain(), "selector", retiring.selector());
                }
            }
            for (DkimKey removed : keys.inState(State.REMOVED)) {
                if (!removed.since().plus(SHOWN).isAfter(now)) {
                    keys.forget(removed);
                }
            }
        } catch (IOException e) {
            log.error("dkim.rotation-failed", e);
        }
    }

    /** Whether the DNS shows the key as it is. Blocks. */
    public static boolean isPublished(DkimKey key, Resolver resolver) {
        Answer<Rdata.Txt> answer = resolver.resolve(key.recordName(), RecordType.TXT, QUESTION);
        return answer.records().size() == 1 && sameKey(key.record(), answer.records().getFirst().latin1());
    }

    /** Whether two key records hold the same key, whatever else they say. */
    public static boolean sameKey(String one, String other) {
        Optional<String> key = publicPart(one);
        return key.isPresent() && publicPart(other).equals(key);
    }

    private static Optional<String> publicPart(String record) {
        try {
            KeyRecord parsed = KeyRecord.parse(record);
            return parsed.key().map(key -> parsed.keyType() + " " + key);
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }
}
