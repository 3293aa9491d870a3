package io.mailserver.imapserver;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.imap.AppendMessage.Piece;
import io.mailserver.imap.AppendMessage.Source;
import io.mailserver.imap.AuthorizedUrl;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapUrl;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.SectionPlace;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The octets of messages of one APPEND: as they came, or put together from pieces (RFC 4469). Owns what it put together. */
final class MessageAssembly implements AutoCloseable {
    private static final int BUFFER_OCTETS = 32 << 10;

    private final SessionContext context;
    private final List<Content> made = new ArrayList<>();

    MessageAssembly(SessionContext context) {
        this.context = context;
    }

    /**
     * The octets of a message, to be used before this is closed.
     *
     * @throws ImapSyntaxException a piece cannot be had, or they are too many octets
     */
    Content content(Source source) throws ImapSyntaxException, StoreException, IOException {
        return switch (source) {
            case Source.Literal literal -> literal.content();
            case Source.Catenate catenate -> together(catenate.pieces());
        };
    }

    private Content together(List<Piece> pieces) throws ImapSyntaxException, StoreException, IOException {
        try (ContentWriter writer = context.services().spool().newContent()) {
            for (Piece piece : pieces) {
                switch (piece) {
                    case Piece.Text(Content text) -> {
                        try (InputStream in = text.open()) {
                            copy(in, writer);
                        }
                    }
                    case Piece.Url(String url) -> copy(url, writer);
                }
            }
            Content content = writer.finish();
            made.add(content);
            return content;
        }
    }

    private void copy(InputStream in, ContentWriter writer) throws ImapSyntaxException, IOException {
        long most = context.settings().limits().maxMessageSize().octets();
        byte[] buffer = new byte[BUFFER_OCTETS];
        int read = in.read(buffer, 0, buffer.length);
        while (read >= 0) {
            if (writer.size() + read > most) {
                throw refused(StatusResponse.no(Plain.TOOBIG, "The pieces make more than " + most + " octets, which is the most"));
            }
            writer.write(buffer, 0, read);
            read = in.read(buffer, 0, buffer.length);
        }
    }

    private void copy(String url, ContentWriter writer) throws ImapSyntaxException, StoreException, IOException {
        if (AuthorizedUrl.parse(url).isPresent()) {
            if (!new AuthorizedMessages(context).use(url, (content, piece) -> copy(url, piece, content, writer))) {
                throw badUrl(url);
            }
            return;
        }
        ImapUrl piece = ImapUrl.parse(url).orElseThrow(() -> badUrl(url));
        Optional<MailboxInfo> mailbox = context.mailboxes().find(MailboxName.of(piece.mailbox()));
        boolean found = mailbox.isPresent()
                && (piece.uidValidity().isEmpty()
                        || piece.uidValidity().getAsLong() == Integer.toUnsignedLong(mailbox.get().uidValidity()));
        if (!found) {
            throw badUrl(url);
        }
        try (MessageContent content = context.mail().mailbox(mailbox.get().id()).content((int) piece.uid())) {
            copy(url, piece, content, writer);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.EXPUNGED) {
                throw badUrl(url);
            }
            throw e;
        }
    }

    private void copy(String url, ImapUrl piece, MessageContent content, ContentWriter writer) throws ImapSyntaxException, IOException {
        ServedMessage message = new ServedMessage(content, null);
        SectionPlace place = message.place(piece.section()).orElseThrow(() -> badUrl(url));
        if (!piece.section().fields().isEmpty()) {
            byte[] fields = message.fields(place, HeaderSelection.of(piece.section()));
            writer.write(fields, 0, fields.length);
            return;
        }
        SectionPlace wanted = piece.partial().map(place::cut).orElse(place);
        try (InputStream in = content.open(wanted.start(), wanted.octets())) {
            copy(in, writer);
        }
    }

    private static ImapSyntaxException badUrl(String url) {
        return refused(StatusResponse.no(new ResponseCode.BadUrl(url), "There is no such message or part here")); // RFC 4469 §4
    }

    private static ImapSyntaxException refused(StatusResponse response) {
        return new ImapSyntaxException(Optional.empty(), response);
    }

    @Override
    public void close() {
        made.forEach(Content::close);
    }
}
