package io.mailserver.jmap;

import io.mailserver.base.ContentWriter;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Writes a composed message: header, and the parts each in an encoding that every mail program understands. For one message. */
final class MessageWriter {
    private static final int BASE64_LINE = 76;
    private static final int QUOTED_LINE = 75;

    /** RFC 5322 §2.1.1. */
    private static final int MAX_LINE = 998;

    private final JmapAccount account;
    private final ContentWriter out;
    private final String boundaryBase;
    private int boundaries;

    /** @param boundaryBase in no text: random */
    MessageWriter(JmapAccount account, ContentWriter out, String boundaryBase) {
        this.account = account;
        this.out = out;
        this.boundaryBase = boundaryBase;
    }

    /** @throws SetException blobNotFound */
    void write(String header, DraftPart root) throws SetException, StoreException, IOException {
        line(header + "MIME-Version: 1.0\r\n", "");
        part(root);
    }

    private void line(String text, String end) throws IOException {
        byte[] octets = (text + end).getBytes(StandardCharsets.UTF_8);
        out.write(octets, 0, octets.length);
    }

    private void part(DraftPart part) throws SetException, StoreException, IOException {
        if (part.isMultipart()) {
            String boundary = boundaryBase + "-" + boundaries++;
            line("Content-Type: " + part.type() + "; boundary=\"" + boundary + "\"\r\n" + part.fields(), "\r\n");
            for (DraftPart child : part.children()) {
                line("--" + boundary, "\r\n");
                part(child);
                line("", "\r\n");
            }
            line("--" + boundary + "--", "\r\n");
            return;
        }
        String type = part.fields().isEmpty() ? "Content-Type: text/plain; charset=utf-8\r\n" : part.fields();
        String text = part.text();
        if (text != null) {
            text(type, text);
        } else {
            blob(type, part);
        }
    }

    private void text(String fields, String text) throws IOException {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        boolean plain = lines.chars().allMatch(c -> c < 0x7f && (c >= ' ' || c == '\t' || c == '\r' || c == '\n'))
                && List.of(lines.split("\r\n", -1)).stream().allMatch(each -> each.length() <= MAX_LINE);
        if (plain) {
            line(fields + "Content-Transfer-Encoding: 7bit\r\n\r\n" + lines, "");
            return;
        }
        line(fields + "Content-Transfer-Encoding: quoted-printable\r\n", "\r\n");
        line(quotedPrintable(lines), "");
    }

    /** RFC 2045 §6.7; lines end in CRLF already. */
    static String quotedPrintable(String lines) {
        StringBuilder out = new StringBuilder(lines.length() + lines.length() / 8);
        int column = 0;
        byte[] octets = lines.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i] & 0xff;
            boolean lineEnd = octet == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
            if (lineEnd) {
                out.append("\r\n");
                i++;
                column = 0;
                continue;
            }
            boolean last = i + 1 == octets.length || octets[i + 1] == '\r';
            boolean blank = octet == ' ' || octet == '\t';
            boolean plain = (octet > ' ' && octet < 0x7f && octet != '=') || (blank && !last);
            int width = plain ? 1 : 3;
            if (column + width > QUOTED_LINE) {
                out.append("=\r\n");
                column = 0;
            }
            if (plain) {
                out.append((char) octet);
            } else {
                out.append('=').append(Character.toUpperCase(Character.forDigit(octet >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
            }
            column += width;
        }
        return out.toString();
    }

    private void blob(String fields, DraftPart part) throws SetException, StoreException, IOException {
        String id = String.valueOf(part.blobId());
        Optional<Blob> found = Blob.open(account, account.exchange().resolve(id));
        if (found.isEmpty()) {
            throw new SetException("blobNotFound", "").with("notFound", List.of(id));
        }
        try (Blob blob = found.get(); InputStream in = blob.open()) {
            if (part.type().equals("message/rfc822")) { // RFC 2046 §5.2.1: not to be encoded.
                line(fields + "Content-Transfer-Encoding: 8bit\r\n", "\r\n");
                copy(in, new ToContent());
            } else {
                line(fields + "Content-Transfer-Encoding: base64\r\n", "\r\n");
                try (OutputStream encoded = Base64.getMimeEncoder(BASE64_LINE, new byte[] {'\r', '\n'}).wrap(new ToContent())) {
                    copy(in, encoded);
                }
            }
        }
    }

    private static void copy(InputStream in, OutputStream to) throws IOException {
        in.transferTo(to);
    }

    /** The message as a stream; closing it ends nothing. */
    private final class ToContent extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }
    }
}
