package io.mailserver.dmarc;

import io.mailserver.dmarc.AggregateReport.Dkim;
import io.mailserver.dmarc.AggregateReport.Reason;
import io.mailserver.dmarc.AggregateReport.Row;
import java.io.OutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes aggregate reports as RFC 9990 appendix A has them. */
public final class AggregateReportWriter {
    private static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private final XMLStreamWriter xml;

    private AggregateReportWriter(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /**
     * Writes a report; the stream is not closed.
     *
     * @param generator name and version of the program
     * @throws XMLStreamException the stream failed
     */
    public static void write(AggregateReport report, String generator, OutputStream out) throws XMLStreamException {
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
        new AggregateReportWriter(xml).write(report, generator);
        xml.flush();
    }

    private void write(AggregateReport report, String generator) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("feedback");
        xml.writeDefaultNamespace(NAMESPACE);
        element("version", "1.0");
        xml.writeStartElement("report_metadata");
        element("org_name", report.metadata().organization());
        element("email", report.metadata().email());
        element("report_id", report.metadata().id());
        xml.writeStartElement("date_range");
        element("begin", Long.toString(report.metadata().begin().getEpochSecond()));
        element("end", Long.toString(report.metadata().end().getEpochSecond()));
        xml.writeEndElement();
        element("generator", generator);
        xml.writeEndElement();
        xml.writeStartElement("policy_published");
        element("domain", report.published().domain());
        element("p", report.published().policy());
        optional("sp", report.published().subdomains());
        optional("np", report.published().absentSubdomains());
        optional("adkim", report.published().dkimAlignment());
        optional("aspf", report.published().spfAlignment());
        element("discovery_method", "treewalk");
        optional("testing", report.published().testing());
        xml.writeEndElement();
        for (Row row : report.rows()) {
            write(row);
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void write(Row row) throws XMLStreamException {
        xml.writeStartElement("record");
        xml.writeStartElement("row");
        element("source_ip", row.source());
        element("count", Long.toString(row.count()));
        xml.writeStartElement("policy_evaluated");
        element("disposition", row.disposition());
        element("dkim", row.dkimAligned() ? "pass" : "fail");
        element("spf", row.spfAligned() ? "pass" : "fail");
        for (Reason reason : row.reasons()) {
            xml.writeStartElement("reason");
            element("type", reason.type());
            optional("comment", reason.comment());
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeStartElement("identifiers");
        element("header_from", row.headerFrom());
        optional("envelope_from", row.envelopeFrom());
        xml.writeEndElement();
        xml.writeStartElement("auth_results");
        for (Dkim dkim : row.dkim()) {
            xml.writeStartElement("dkim");
            element("domain", dkim.domain());
            element("selector", dkim.selector());
            element("result", dkim.result());
            xml.writeEndElement();
        }
        if (row.spf().isPresent()) {
            xml.writeStartElement("spf");
            element("domain", row.spf().get().domain());
            element("scope", "mfrom");
            element("result", row.spf().get().result());
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void optional(String name, String value) throws XMLStreamException {
        if (!value.isEmpty()) {
            element(name, value);
        }
    }

    private void element(String name, String value) throws XMLStreamException {
        xml.writeStartElement(name);
        // XML 1.0 has no way to write most control characters.
        xml.writeCharacters(value.replaceAll("[\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]", "?"));
        xml.writeEndElement();
    }
}
