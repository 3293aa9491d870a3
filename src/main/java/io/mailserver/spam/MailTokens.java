package io.mailserver.spam;

import io.mailserver.mime.MailAddress;
import java.util.Locale;
import java.util.Optional;

/** What classifiers learn of a message: words of subject and text with their neighbours, addresses, links, how it is built. */
final class MailTokens {
    private MailTokens() {}

    static Tokens of(Mail mail) {
        Tokens tokens = new Tokens();
        tokens.textWithPairs("subject", mail.subject());
        mail.author().ifPresent(author -> author(tokens, author));
        mail.replyTo().ifPresent(reply -> tokens.word("reply-to", reply.domain()));
        tokens.word("list", mail.value("List-Id"));
        tokens.word("mailer", mail.value("X-Mailer") + mail.value("User-Agent"));
        tokens.word("type", mail.root().contentType().toString().split(";", 2)[0]);
        mail.links().stream().map(Link::host).flatMap(Optional::stream).distinct().forEach(host -> {
            tokens.word("host", host);
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

    private static void author(Tokens tokens, MailAddress.Mailbox author) {
        tokens.word("from", author.address().toLowerCase(Locale.ROOT));
        tokens.word("from-domain", author.domain());
        tokens.text("from-name", author.displayName());
    }
}
