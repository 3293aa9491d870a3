package io.mailserver.imapserver;

import io.mailserver.imap.MailboxFilter;
import io.mailserver.sharing.Right;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The mailboxes that filters of ESEARCH and NOTIFY mean now (RFC 5465 §6, RFC 7377 §2.2). */
final class FilteredMailboxes {
    private FilteredMailboxes() {}

    /** Each once, in the order of the filters; those that do not exist, or may not be read, are left out. */
    static Set<MailboxInfo> of(List<MailboxFilter> filters, SessionContext context) throws StoreException {
        List<MailboxInfo> all = new ArrayList<>();
        for (MailboxInfo info : context.mailboxes().all()) {
            if (context.mail().may(info.id(), Right.READ)) {
                all.add(info);
            }
        }
        Set<MailboxInfo> chosen = new LinkedHashSet<>();
        for (MailboxFilter filter : filters) {
            Predicate<MailboxInfo> matches = matcher(filter, context);
            all.stream().filter(matches).forEach(chosen::add);
        }
        return chosen;
    }

    /** Whether a mailbox is meant by a filter. */
    static Predicate<MailboxInfo> matcher(MailboxFilter filter, SessionContext context) {
        return switch (filter) {
            case MailboxFilter.Plain plain -> plain(plain, context);
            case MailboxFilter.Subtree(List<String> names) ->
                info -> named(names, name -> info.name().equals(name) || info.name().isBelow(name));
            case MailboxFilter.SubtreeOne(List<String> names) ->
                info -> named(names, name -> info.name().equals(name) || info.name().parent().equals(Optional.of(name)));
            case MailboxFilter.Mailboxes(List<String> names) -> info -> named(names, name -> info.name().equals(name));
        };
    }

    private static Predicate<MailboxInfo> plain(MailboxFilter.Plain plain, SessionContext context) {
        return switch (plain) {
            case SELECTED, SELECTED_DELAYED ->
                info -> context.isSelected() && context.selected().info().id().equals(info.id());
            // RFC 5465 §6.3: those that mail is delivered to: here also where a filter of ours may put it
            case INBOXES -> info -> info.name().isInbox() || info.use().equals(Optional.of(SpecialUse.JUNK));
            case PERSONAL -> info -> info.id().sharer() == 0;
            case SUBSCRIBED -> MailboxInfo::subscribed;
        };
    }

    private static boolean named(List<String> names, Predicate<MailboxName> matches) {
        return names.stream().map(FilteredMailboxes::name).flatMap(Optional::stream).anyMatch(matches);
    }

    /** A name that can be no mailbox's is nobody's. */
    private static Optional<MailboxName> name(String text) {
        try {
            return Optional.of(MailboxName.of(text));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }
}
