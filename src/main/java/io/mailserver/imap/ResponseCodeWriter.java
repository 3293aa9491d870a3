package io.mailserver.imap;

import java.io.IOException;
import java.util.List;

/** Response codes as they are on the wire. */
final class ResponseCodeWriter {
    private ResponseCodeWriter() {}

    static void write(ImapWriter out, ResponseCode code) throws IOException {
        switch (code) {
            case ResponseCode.Plain plain -> out.ascii(plain.name().replace('_', '-'));
            case ResponseCode.Metadata metadata -> out.ascii("METADATA ").ascii(metadata.name());
            case ResponseCode.WithNumber number -> out.ascii(number.name().name().replace('_', ' ')).space().number(number.number());
            case ResponseCode.Capability capability -> words(out.ascii("CAPABILITY"), capability.names());
            case ResponseCode.PermanentFlags flags -> out.ascii("PERMANENTFLAGS ").flags(flags.flags());
            case ResponseCode.BadCharset charsets -> strings(out.ascii("BADCHARSET "), charsets.charsets());
            case ResponseCode.BadEvent events -> out.ascii("BADEVENT ").flags(events.events());
            case ResponseCode.AppendUid append ->
                out.ascii("APPENDUID ").number(append.uidValidity()).space().ascii(append.uids());
            case ResponseCode.CopyUid copy ->
                out.ascii("COPYUID ").number(copy.uidValidity()).space().ascii(copy.from()).space().ascii(copy.to());
            case ResponseCode.Modified modified -> out.ascii("MODIFIED ").ascii(modified.numbers());
            case ResponseCode.MailboxId mailbox -> out.ascii("MAILBOXID (").ascii(mailbox.id()).close();
            case ResponseCode.InProgress progress ->
                out.ascii("INPROGRESS (").string(progress.tag()).space().number(progress.done()).space().number(progress.total()).close();
            case ResponseCode.UndefinedFilter filter -> out.ascii("UNDEFINED-FILTER ").ascii(filter.name());
            case ResponseCode.UrlMechanisms mechanisms -> words(out.ascii("URLMECH"), mechanisms.names());
            case ResponseCode.NoUpdate update -> out.ascii("NOUPDATE ").string(update.tag());
            case ResponseCode.BadUrl url -> out.ascii("BADURL ").string(url.url());
        }
    }

    private static void words(ImapWriter out, List<String> words) throws IOException {
        for (String word : words) {
            out.space().ascii(word);
        }
    }

    private static void strings(ImapWriter out, List<String> strings) throws IOException {
        out.open();
        for (int i = 0; i < strings.size(); i++) {
            if (i > 0) {
                out.space();
            }
            out.astring(strings.get(i));
        }
        out.close();
    }
}
