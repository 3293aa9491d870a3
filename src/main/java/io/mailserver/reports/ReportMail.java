package io.mailserver.reports;

import io.mailserver.account.ReportAddress;
import io.mailserver.base.Content;
import io.mailserver.dmarc.AggregateReport;
import io.mailserver.dmarc.AggregateReportReader;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.tlsrpt.TlsReport;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Finds the report in a message: a part that is XML or JSON, packed with gzip or zip or not at all, whatever it calls itself. */
final class ReportMail {
    private static final long MAX_MESSAGE_OCTETS = 25L << 20;
    private static final long MAX_UNPACKED_OCTETS = 64L << 20;
    private static final int MAX_PARTS_TRIED = 20;
    private static final int MAGIC_OCTETS = 2;

    private ReportMail() {}

    /** What a message holds. */
    sealed interface Found {
        record Dmarc(AggregateReport report) implements Found {}

        record Tls(TlsReport report) implements Found {}

        /** @param reason printable ASCII */
        record Nothing(String reason) implements Found {}
    }

    /** Looks for a report of one kind. Costs time for large ones. */
    static Found find(Content message, ReportAddress kind) throws IOException {
        if (message.size() > MAX_MESSAGE_OCTETS) {
            return new Found.Nothing("it is larger than " + (MAX_MESSAGE_OCTETS >> 20) + " MiB");
        }
        List<MimePart> parts = new ArrayList<>();
        leaves(MimeParser.parse(message, MimeParser.Limits.DEFAULTS).root(), parts);
        MessageOctets octets = MessageOctets.of(message);
        String reason = "it has no part that could be one";
        for (MimePart part : parts) {
            if (mayBe(part)) {
                Found found = read(octets, part, kind);
                if (!(found instanceof Found.Nothing nothing)) {
                    return found;
                }
                reason = nothing.reason();
            }
        }
        return new Found.Nothing(reason);
    }

    private static void leaves(MimePart part, List<MimePart> leaves) {
        if (leaves.size() < MAX_PARTS_TRIED) {
            if (part.children().isEmpty()) {
                leaves.add(part);
            }
            part.children().forEach(child -> leaves(child, leaves));
        }
    }

    /** Text for people is none, whatever the report is called. */
    private static boolean mayBe(MimePart part) {
        String type = part.contentType().toString().toLowerCase(Locale.ROOT);
        return (!type.contains("text/plain") && !type.contains("text/html")) || part.fileName().isPresent();
    }

    private static Found read(MessageOctets octets, MimePart part, ReportAddress kind) throws IOException {
        try (InputStream unpacked = unpack(new BufferedInputStream(octets.decodedBody(part)))) {
            InputStream limited = new LimitedInputStream(unpacked, MAX_UNPACKED_OCTETS);
            return kind == ReportAddress.DMARC
                    ? new Found.Dmarc(AggregateReportReader.read(limited)) : new Found.Tls(TlsReport.read(limited));
        } catch (AggregateReportReader.ReportException | TlsReport.ReportException e) {
            return new Found.Nothing(String.valueOf(e.getMessage()));
        } catch (ZipException | EOFException | LimitedInputStream.TooLargeException e) {
            return new Found.Nothing("it cannot be unpacked: " + (e instanceof EOFException ? "it ends too early" : e.getMessage()));
        }
    }

    /** By what it begins with: names and types are often wrong. */
    private static InputStream unpack(InputStream packed) throws IOException {
        packed.mark(MAGIC_OCTETS);
        int first = packed.read();
        int second = packed.read();
        packed.reset();
        if (first == 0x1f && second == 0x8b) {
            return new GZIPInputStream(packed);
        }
        if (first == 'P' && second == 'K') {
            ZipInputStream zip = new ZipInputStream(packed);
            ZipEntry entry = zip.getNextEntry();
            if (entry == null) {
                throw new ZipException("it is empty");
            }
            return zip; // Of several files the first.
        }
        return packed;
    }
}
