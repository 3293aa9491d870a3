package io.mailserver.config;

import io.mailserver.arc.ArcStatus;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.net.Network;
import io.mailserver.spf.SpfVerdict;
import java.util.List;
import java.util.Optional;

/** One rule: it applies where every condition that it names is met; of the values in a list, one must be. */
public record RuleConfig(
        @Key(doc = "Its name, in the log and in what check message says.") String name,
        @Key(doc = "What becomes of the message.") Action then,
        @Key(doc = "What the sender is told where it is refused or put off.", example = "We do not take mail from you")
        Optional<String> text,
        @Key(doc = "The client's address.", example = "[192.0.2.0/24]") List<Network> client,
        @Key(doc = "What the client calls itself.", example = "[\"*.dynamic.example\"]") List<NamePattern> helo,
        @Key(doc = "The confirmed name of the client's address; none: it has none.", example = "[none]") List<NamePattern> rdns,
        @Key(
                doc = "The envelope's sender: an address, a domain with those below it, or <> for bounces.",
                example = "[bulk@example.net, \"<>\"]")
        List<NamePattern> sender,
        @Key(doc = "The domain of From.", example = "[example.net]") List<NamePattern> author,
        @Key(doc = "The recipient: an address or a domain.", example = "[sales@example.com]") List<NamePattern> recipient,
        @Key(doc = "Messages larger than this.", example = "20MiB") Optional<ByteSize> largerThan,
        @Key(doc = "The result of SPF for the envelope's sender.", example = "[fail, softfail]") List<SpfVerdict> spf,
        @Key(doc = "The result of DKIM: the best of all signatures.", example = "[fail]") List<DkimVerdict> dkim,
        @Key(doc = "The result of DMARC.", example = "[fail]") List<DmarcVerdict> dmarc,
        @Key(doc = "The state of the ARC chain.", example = "[fail]") List<ArcStatus> arc,
        @Key(doc = "The points of the spam filter, at least.", example = "8") Optional<Integer> score) {
    /** In {@code rdns}: the address has no confirmed name. */
    public static final String NO_NAME = "none";

    private static final int MAX_TEXT_CHARS = 400;

    public RuleConfig {
        if (name.isBlank() || name.length() > 60 || !name.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("the name of a rule is one word of at most 60 characters");
        }
        if (text.isPresent() && (text.get().length() > MAX_TEXT_CHARS || !text.get().chars().allMatch(c -> c >= 0x20 && c < 0x7f))) {
            throw new IllegalArgumentException("the text of rule " + name + " is ASCII of at most " + MAX_TEXT_CHARS + " characters");
        }
    }

    /** What becomes of a message. */
    public enum Action {
        /** Into the INBOX. */
        ACCEPT,
        /** Into the Junk folder. */
        JUNK,
        /** 451: the sender tries again later. */
        DEFER,
        /** 550. */
        REJECT
    }
}
