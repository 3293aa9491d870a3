package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapVerb;
import io.mailserver.imap.StatusResponse;
import io.mailserver.imap.TaggedCommand;
import io.mailserver.store.StoreException;
import java.io.IOException;

/**
 * The table of handlers: each command to the class of its family. A handler returns the command's answer and has written before what
 * belongs to it; what else the client has to hear the session tells.
 */
final class Commands {
    private final SessionContext context;
    private final LoginCommands logins;

    /** @param member the session, for the accounts that log in */
    Commands(SessionContext context, AccountSessions.Member member) {
        this.context = context;
        this.logins = new LoginCommands(context, member);
    }

    StatusResponse run(TaggedCommand tagged) throws StoreException, IOException {
        ImapCommand command = tagged.command();
        if (command.verb().state() == ImapVerb.State.SELECTED) {
            new MailboxNews(context).look();
        }
        return switch (command) {
            case ImapCommand.Simple simple -> simple(simple.verb());
            case ImapCommand.Id id -> new SessionCommands(context).id(id);
            case ImapCommand.Authenticate authenticate -> logins.authenticate(authenticate);
            case ImapCommand.Login login -> logins.login(login);
            case ImapCommand.Enable enable -> new SessionCommands(context).enable(enable);
            case ImapCommand.Select select -> new SelectCommand(context).run(select);
            case ImapCommand.Create create -> new MailboxCommands(context).create(create);
            case ImapCommand.Rename rename -> new MailboxCommands(context).rename(rename);
            case ImapCommand.OfMailbox ofMailbox -> ofMailbox(ofMailbox);
            case ImapCommand.ListMailboxes list -> new ListCommand(context).list(list);
            case ImapCommand.Lsub lsub -> new ListCommand(context).lsub(lsub);
            case ImapCommand.Status status -> new StatusCommand(context).run(status);
            case ImapCommand.Append append -> new AppendCommand(context).run(append);
            case ImapCommand.Expunge expunge -> new ExpungeCommand(context).run(expunge);
            case ImapCommand.Fetch fetch -> new FetchCommand(context).run(fetch);
            case ImapCommand.Store store -> new StoreCommand(context).run(store);
            case ImapCommand.Search search -> new SearchCommand(context, tagged.tag()).search(search);
            case ImapCommand.Sort sort -> new SearchCommand(context, tagged.tag()).sort(sort);
            case ImapCommand.CancelUpdate cancel -> new SearchCommand(context, tagged.tag()).cancelUpdate(cancel);
            case ImapCommand.ThreadMessages thread -> new SearchCommand(context, tagged.tag()).thread(thread);
            case ImapCommand.MultiSearch search -> new MultiSearchCommand(context, tagged.tag()).run(search);
            case ImapCommand.UidBatches batches -> new UidBatchesCommand(context, tagged.tag()).run(batches);
            case ImapCommand.Language language -> new SessionCommands(context).language(language);
            case ImapCommand.Notify notify -> new NotifyCommand(context).run(notify);
            case ImapCommand.GetQuota quota -> new QuotaCommand(context).get(quota);
            case ImapCommand.SetQuota quota -> QuotaCommand.set();
            case ImapCommand.GetMetadata metadata -> new MetadataCommand(context).get(metadata);
            case ImapCommand.SetMetadata metadata -> new MetadataCommand(context).set(metadata);
            case ImapCommand.SetAcl acl -> new AclCommand(context).set(acl);
            case ImapCommand.OfIdentifier acl -> new AclCommand(context).ofIdentifier(acl);
            case ImapCommand.UrlAuth urls -> new UrlAuthCommand(context).run(urls);
            case ImapCommand.Compress compress -> new SessionCommands(context).compress(compress);
            case ImapCommand.Replace replace -> new AppendCommand(context).replace(replace);
            case ImapCommand.Transfer transfer -> new TransferCommand(context).run(transfer);
            default -> Refusals.NOT_OFFERED;
        };
    }

    private StatusResponse simple(ImapVerb verb) throws StoreException, IOException {
        return switch (verb) {
            case CAPABILITY -> new SessionCommands(context).capability();
            case NOOP -> StatusResponse.ok("NOOP completed");
            case CHECK -> StatusResponse.ok("CHECK completed"); // RFC 3501 §6.4.1: all is on disk already
            case LOGOUT -> new SessionCommands(context).logout();
            case STARTTLS -> logins.startTls();
            case NAMESPACE -> new SessionCommands(context).namespace();
            case IDLE -> new IdleCommand(context).run();
            case CLOSE -> new ExpungeCommand(context).close();
            case UNAUTHENTICATE -> new SessionCommands(context).unauthenticate();
            case UNSELECT -> {
                context.unselect();
                yield StatusResponse.ok("UNSELECT completed"); // RFC 9051 §6.4.2, RFC 3691 §2
            }
            default -> Refusals.NOT_OFFERED;
        };
    }

    private StatusResponse ofMailbox(ImapCommand.OfMailbox command) throws StoreException, IOException {
        return switch (command.verb()) {
            case DELETE -> new MailboxCommands(context).delete(command.mailbox());
            case SUBSCRIBE -> new MailboxCommands(context).subscribe(command.mailbox(), true);
            case GETACL -> new AclCommand(context).get(command.mailbox());
            case MYRIGHTS -> new AclCommand(context).mine(command.mailbox());
            case GETQUOTAROOT -> new QuotaCommand(context).root(command.mailbox());
            case UNSUBSCRIBE -> new MailboxCommands(context).subscribe(command.mailbox(), false);
            default -> Refusals.NOT_OFFERED;
        };
    }
}
