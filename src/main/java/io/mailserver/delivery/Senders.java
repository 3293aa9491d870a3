package io.mailserver.delivery;

import io.mailserver.account.Resolution;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Reply;
import io.mailserver.submission.FixUps;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which addresses an account may send under: those whose mail it gets. Safe for use by any thread. */
final class Senders {
    private final Function<Address, Resolution> directory;

    Senders(Function<Address, Resolution> directory) {
        this.directory = directory;
    }

    /**
     * How a reverse-path or an author relates to an account.
     *
     * @param address empty for the null reverse-path
     */
    SenderFacts.Sender of(Optional<Address> address, String account) {
        if (address.isEmpty()) {
            return SenderFacts.Sender.ITS_OWN;
        }
        return switch (directory.apply(address.get())) {
            case Resolution.Local local -> local.accounts().stream().anyMatch(own -> own.address().toString().equals(account))
                    ? SenderFacts.Sender.ITS_OWN
                    : SenderFacts.Sender.ANOTHERS;
            case Resolution.Unavailable unavailable -> SenderFacts.Sender.UNKNOWN;
            default -> SenderFacts.Sender.ANOTHERS;
        };
    }

    /** Why a message may not be submitted by an account as it is: its header, its authors. */
    Optional<Decision.Refuse> refusalOfAuthor(HeaderBlock header, String account) {
        if (header.truncated()) {
            return Optional.of(new Decision.Refuse(Reply.of(554, "5.6.0", "The header of the message is too large"), "header-too-large"));
        }
        if (header.first("From").isEmpty()) {
            return Optional.empty(); // It gets one.
        }
        Optional<List<Address>> authors = FixUps.authors(header);
        if (authors.isEmpty() || header.all("From").size() > 1) {
            return Optional.of(new Decision.Refuse(Reply.of(554, "5.6.0", "The From field of the message is not valid"), "from-not-valid"));
        }
        for (Address author : authors.get()) {
            switch (of(Optional.of(author), account)) {
                case ITS_OWN -> { }
                case ANOTHERS -> {
                    return Optional.of(new Decision.Refuse(
                            Reply.of(550, "5.7.1", "The From address is not one of yours"), "author-not-own"));
                }
                case UNKNOWN -> {
                    return Optional.of(new Decision.Refuse(
                            Reply.of(451, "4.3.0", "Addresses cannot be looked up now; try again later"), "directory-unavailable"));
                }
            }
        }
        return Optional.empty();
    }
}
