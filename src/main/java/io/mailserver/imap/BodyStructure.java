package io.mailserver.imap;

import io.mailserver.mime.ContentDisposition;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.Parameters;
import java.util.List;
import java.util.Optional;

/**
 * The BODYSTRUCTURE of a message (RFC 9051 §7.5.2), rendered once when it is stored, and the BODY that follows from it. Pure; safe for
 * any thread. How deep a message is nested was limited when it was parsed.
 */
public final class BodyStructure {
    /** What stands where the grammar wants a body and there is none: in a multipart without parts, in a message not looked into. */
    private static final String NOTHING = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)";

    private BodyStructure() {}

    /** The structure in the form that {@link ImapWriter#rendered} takes. */
    public static byte[] render(MimeMessage message) {
        RenderedOctets out = new RenderedOctets();
        part(message, message.root(), out);
        return out.toOctets();
    }

    /** The BODY that goes with a rendered BODYSTRUCTURE: the same without extension data. */
    public static byte[] withoutExtensions(byte[] bodyStructure) {
        byte[] plain = new StructureCut(RenderedOctets.form(bodyStructure, false)).body();
        return RenderedOctets.hasTwoForms(bodyStructure)
                ? RenderedOctets.ofForms(plain, new StructureCut(RenderedOctets.form(bodyStructure, true)).body())
                : plain;
    }

    private static void part(MimeMessage message, MimePart part, RenderedOctets out) {
        out.ascii("(");
        if (part.isMultipart()) {
            multipart(message, part, out);
        } else {
            single(message, part, out);
        }
        disposition(part, out);
        languages(part.languages(), out);
        out.ascii(" ").text(part.location()).ascii(")");
    }

    private static void multipart(MimeMessage message, MimePart part, RenderedOctets out) {
        for (MimePart child : part.children()) {
            part(message, child, out);
        }
        if (part.children().isEmpty()) {
            out.ascii(NOTHING);
        }
        out.ascii(" ").text(part.contentType().subtype()).ascii(" ");
        parameters(part.contentType().parameters(), out);
    }

    private static void single(MimeMessage message, MimePart part, RenderedOctets out) {
        out.text(part.contentType().type()).ascii(" ").text(part.contentType().subtype()).ascii(" ");
        parameters(part.contentType().parameters(), out);
        out.ascii(" ").text(part.id()).ascii(" ").text(part.description()).ascii(" ").text(part.encoding());
        out.ascii(" ").number(part.bodyOctets());
        if (part.contentType().isMessage()) {
            out.ascii(" ");
            inside(message, part.message(), out);
            out.ascii(" ").number(part.lines());
        } else if (part.contentType().isText()) {
            out.ascii(" ").number(part.lines());
        }
        out.ascii(" ").text(part.md5());
    }

    private static void inside(MimeMessage message, Optional<MimePart> inner, RenderedOctets out) {
        if (inner.isEmpty()) {
            out.ascii(Envelope.UNKNOWN).ascii(" ").ascii(NOTHING);
            return;
        }
        Optional<HeaderBlock> header = message.header(inner.get());
        if (header.isPresent()) {
            Envelope.render(header.get(), out);
        } else {
            out.ascii(Envelope.UNKNOWN);
        }
        out.ascii(" ");
        part(message, inner.get(), out);
    }

    private static void disposition(MimePart part, RenderedOctets out) {
        ContentDisposition disposition = part.disposition();
        if (disposition == null) {
            out.ascii(" NIL");
            return;
        }
        out.ascii(" (").text(disposition.type()).ascii(" ");
        parameters(disposition.parameters(), out);
        out.ascii(")");
    }

    private static void parameters(Parameters parameters, RenderedOctets out) {
        String separator = "(";
        for (Parameters.Parameter parameter : parameters.all()) {
            out.ascii(separator).text(parameter.name()).ascii(" ").text(parameter.value());
            separator = " ";
        }
        out.ascii(parameters.all().isEmpty() ? "NIL" : ")");
    }

    private static void languages(List<String> languages, RenderedOctets out) {
        if (languages.size() == 1) {
            out.ascii(" ").text(languages.getFirst());
            return;
        }
        String separator = " (";
        for (String language : languages) {
            out.ascii(separator).text(language);
            separator = " ";
        }
        out.ascii(languages.isEmpty() ? " NIL" : ")");
    }
}
