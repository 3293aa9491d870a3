package io.mailserver.imapserver;

import io.mailserver.imap.AuthorizedUrl;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapUrl;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.SectionPlace;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GENURLAUTH, RESETKEY and URLFETCH (RFC 4467 §7): URLs by which others may read single messages of this account. */
final class UrlAuthCommand {
    private final SessionContext context;
    private final ImapWriter out;

    UrlAuthCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse run(ImapCommand.UrlAuth command) throws StoreException, IOException {
        return switch (command.verb()) {
            case GENURLAUTH -> generate(command.arguments());
            case RESETKEY -> reset(command.arguments());
            default -> fetch(command.arguments());
        };
    }

    /** RFC 4467 §7: all URLs or none. */
    private StatusResponse generate(List<String> arguments) throws StoreException, IOException {
        if (arguments.size() % 2 != 0) {
            return StatusResponse.bad("GENURLAUTH takes URLs, each with a mechanism behind it");
        }
        List<String> signed = new ArrayList<>();
        UrlKeys keys = new UrlKeys(context.mailboxes());
        for (int i = 0; i < arguments.size(); i += 2) {
            Optional<AuthorizedUrl> url = AuthorizedUrl.parse(arguments.get(i)).filter(parsed -> parsed.signature().isEmpty());
            if (url.isEmpty() || !arguments.get(i + 1).equalsIgnoreCase(UrlKeys.MECHANISM)) {
                return StatusResponse.bad(
                        "A URL to sign is like imap://user%40domain@host/INBOX/;UID=1;URLAUTH=authuser, the mechanism INTERNAL");
            }
            if (!url.get().user().equals(context.account().toString())) {
                return StatusResponse.bad("A URL to sign names your own messages: its user is " + context.account());
            }
            Optional<MailboxInfo> mailbox = AuthorizedMessages.own(context.mail(), url.get().message());
            if (mailbox.isEmpty()) {
                return Refusals.NO_SUCH_MAILBOX;
            }
            String rump = url.get().rump();
            signed.add(rump + ":" + UrlKeys.MECHANISM + ":" + keys.sign(mailbox.get().id(), rump));
        }
        out.begin("GENURLAUTH");
        for (String url : signed) {
            out.space().string(url);
        }
        out.crlf();
        return StatusResponse.ok("GENURLAUTH completed");
    }

    private StatusResponse reset(List<String> arguments) throws StoreException {
        UrlKeys keys = new UrlKeys(context.mailboxes());
        if (arguments.isEmpty()) {
            for (MailboxInfo each : context.mailboxes().all()) {
                if (each.id().sharer() == 0) {
                    keys.reset(each.id());
                }
            }
            return StatusResponse.ok("All keys are reset");
        }
        if (!arguments.stream().skip(1).allMatch(UrlKeys.MECHANISM::equalsIgnoreCase)) {
            return StatusResponse.bad("The one mechanism is " + UrlKeys.MECHANISM);
        }
        Optional<MailboxInfo> mailbox =
                context.mailboxes().find(MailboxName.of(arguments.getFirst())).filter(info -> info.id().sharer() == 0);
        if (mailbox.isEmpty()) {
            return Refusals.NO_SUCH_MAILBOX;
        }
        keys.reset(mailbox.get().id());
        return StatusResponse.ok(new ResponseCode.UrlMechanisms(List.of(UrlKeys.MECHANISM)), "The key is reset"); // RFC 4467 §8
    }

    /** RFC 4467 §7: what cannot be read is NIL, whatever the reason. */
    private StatusResponse fetch(List<String> urls) throws IOException {
        AuthorizedMessages messages = new AuthorizedMessages(context);
        out.begin("URLFETCH");
        for (String url : urls) {
            out.space().astring(url).space();
            try {
                if (!messages.use(url, this::write)) {
                    out.nil();
                }
            } catch (ImapSyntaxException e) {
                throw new IllegalStateException("writing refuses nothing", e);
            }
        }
        out.crlf();
        return StatusResponse.ok("URLFETCH completed");
    }

    private void write(MessageContent content, ImapUrl url) throws IOException {
        ServedMessage message = new ServedMessage(content, null);
        Optional<SectionPlace> place = message.place(url.section());
        if (place.isEmpty()) {
            out.nil();
        } else if (url.section().fields().isEmpty()) {
            message.copy(place.get(), url.partial(), out);
        } else {
            byte[] fields = message.fields(place.get(), HeaderSelection.of(url.section()));
            out.literal(fields.length).octets(fields, 0, fields.length);
        }
    }
}
