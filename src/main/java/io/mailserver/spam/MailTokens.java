package io.mailserver.spam;

import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MailAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What classifiers learn of a message: words of subject and text with their neighbours, addresses, links, how it is built. */
final class MailTokens {
    private static final int MAX_FIELDS = 100;
    private static final Pattern ON_THE_WAY = Pattern.compile(
            "Return-Path|Delivered-To|Received|Received-SPF|Authentication-Results|ARC-.*|X-Spam-.*|X-Original-To",
            Pattern.CASE_INSENSITIVE);

    private MailTokens() {}

    /** Adds them to {@code tokens}, which it gives back. */
    static Tokens of(Mail mail, Tokens tokens) {
        tokens.textWithPairs("subject", mail.subject());
        mail.author().ifPresent(author -> author(tokens, author));
        mail.replyTo().ifPresent(reply -> {
            tokens.word("reply-to", reply.domain());
            tokens.word("reply-to", kin(mail, reply.domain()));
        });
        tokens.word("list", mail.value("List-Id"));
        tokens.word("mailer", mail.value("X-Mailer") + mail.value("User-Agent"));
        tokens.word("type", mail.root().contentType().toString().split(";", 2)[0]);
        fields(tokens, mail);
        mail.links().stream().map(Link::host).flatMap(Optional::stream).distinct().forEach(host -> {
            tokens.word("host", host);
            tokens.word("host", kin(mail, host));
            tokens.word("host-in", ending(host));
            int dot = host.indexOf('.');
            if (dot > 0) {
                tokens.word("host", host.substring(dot + 1));
            }
        });
        mail.attachments().forEach(attachment -> {
            tokens.word("attachment", attachment.type());
            tokens.word("file", attachment.name());
        });
        tokens.textWithPairs("body", mail.plain().isBlank() ? mail.html().map(HtmlText::visible).orElse("") : mail.plain());
        if (!mail.plain().isBlank()) {
            mail.html().ifPresent(html -> tokens.text("html", html.visible()));
        }
        return tokens;
    }

    /** Which fields it has, but those that servers on its way add: it must be the same before and after its delivery. */
    private static void fields(Tokens tokens, Mail mail) {
        mail.header().fields().stream().map(HeaderField::name).filter(name -> !ON_THE_WAY.matcher(name).matches()).limit(MAX_FIELDS)
                .forEach(name -> tokens.word("field", name));
        String id = mail.value("Message-ID");
        tokens.word("message-id", kin(mail, id.substring(id.lastIndexOf('@') + 1).replace(">", "")));
    }

    /** Whether a name belongs to the author's domain. */
    private static String kin(Mail mail, String domain) {
        boolean own = Facts.registered(domain.toLowerCase(Locale.ROOT)).equals(Facts.registered(mail.authorDomain()));
        return own ? "the author's" : "another's";
    }

    private static String ending(String host) {
        return host.substring(host.lastIndexOf('.') + 1);
    }

    private static void author(Tokens tokens, MailAddress.Mailbox author) {
        tokens.word("from", author.address().toLowerCase(Locale.ROOT));
        tokens.word("from-domain", author.domain());
        tokens.word("from-in", ending(author.domain()));
        tokens.text("from-name", author.displayName());
    }
}
