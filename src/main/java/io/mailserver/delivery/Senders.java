package io.mailserver.delivery;

import io.mailserver.account.Resolution;
import io.mailserver.base.Domain;
import io.mailserver.log.EventLog;
import io.mailserver.mime.AddressList;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MailAddress;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Reply;
import io.mailserver.submission.FixUps;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which addresses an account may send under: those whose mail it gets, and those it was given. Safe for use by any thread. */
final class Senders {
    private static final String SENDER = "Sender";

    private final Function<Address, Resolution> directory;
    private final Intake.SendRights rights;
    private final EventLog log;

    Senders(Function<Address, Resolution> directory, Intake.SendRights rights, EventLog log) {
        this.directory = directory;
        this.rights = rights;
        this.log = log;
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
                    : delegated(address.get(), account);
            case Resolution.Unavailable unavailable -> SenderFacts.Sender.UNKNOWN;
            default -> SenderFacts.Sender.ANOTHERS;
        };
    }

    private SenderFacts.Sender delegated(Address address, String account) {
        try {
            return rights.allows(account, address) ? SenderFacts.Sender.DELEGATED : SenderFacts.Sender.ANOTHERS;
        } catch (IOException e) {
            log.error("directory.failed", e, "address", address);
            return SenderFacts.Sender.UNKNOWN;
        }
    }

    /**
     * Who is to be named in Sender: the account, where it writes for somebody else or for several (RFC 5322 §3.6.2), or where the field
     * names one it may not use (RFC 6409 §8.1); empty where the message is right as it is.
     *
     * @param header whose authors were checked
     */
    Optional<Address> sender(HeaderBlock header, String account) {
        boolean named = header.first(SENDER).isPresent();
        if (named && header.all(SENDER).size() == 1 && isOwn(AddressList.of(header, SENDER).mailboxes(), account)) {
            return Optional.empty();
        }
        List<Address> authors = FixUps.authors(header).orElse(List.of());
        boolean needed = authors.size() > 1
                || authors.stream().anyMatch(author -> of(Optional.of(author), account) != SenderFacts.Sender.ITS_OWN);
        return named || needed ? address(account) : Optional.empty();
    }

    private boolean isOwn(List<MailAddress.Mailbox> mailboxes, String account) {
        return mailboxes.size() == 1
                && Domain.parse(mailboxes.getFirst().domain())
                        .map(domain -> of(Optional.of(Address.of(mailboxes.getFirst().localPart(), domain)), account))
                        .filter(SenderFacts.Sender.ITS_OWN::equals).isPresent();
    }

    private static Optional<Address> address(String account) {
        int at = account.lastIndexOf('@');
        return at < 1
                ? Optional.empty()
                : Domain.parse(account.substring(at + 1)).map(domain -> Address.of(account.substring(0, at), domain));
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
                case ITS_OWN, DELEGATED -> { }
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
