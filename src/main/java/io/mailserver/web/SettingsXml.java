package io.mailserver.web;

import io.mailserver.base.Domain;
import io.mailserver.web.MailServices.Protocol;
import io.mailserver.web.MailServices.Service;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** The XML of {@link MailSettings}: written by a writer that escapes, read without document types and entities. */
final class SettingsXml {
    private static final String RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
    private static final String AUTODISCOVER = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static final int MAX_ADDRESS = 320;

    private SettingsXml() {}

    /** Writes elements. */
    @FunctionalInterface
    private interface Body {
        void write(Elements xml) throws XMLStreamException;
    }

    /** An XML writer with fewer words. */
    private record Elements(XMLStreamWriter out) {
        void text(String name, String value) throws XMLStreamException {
            out.writeStartElement(name);
            out.writeCharacters(value);
            out.writeEndElement();
        }

        /** @param attributes names and values in turn */
        void element(String name, Body body, String... attributes) throws XMLStreamException {
            out.writeStartElement(name);
            for (int i = 0; i < attributes.length; i += 2) {
                out.writeAttribute(attributes[i], attributes[i + 1]);
            }
            body.write(this);
            out.writeEndElement();
        }

        /** A pair of a property list. */
        void pair(String key, String value) throws XMLStreamException {
            text("key", key);
            text("string", value);
        }

        void pair(String key, boolean value) throws XMLStreamException {
            text("key", key);
            out.writeEmptyElement(value ? "true" : "false");
        }

        void pair(String key, int value) throws XMLStreamException {
            text("key", key);
            text("integer", String.valueOf(value));
        }
    }

    private static String document(String doctype, Body body) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            if (!doctype.isEmpty()) {
                out.writeDTD(doctype);
            }
            body.write(new Elements(out));
            out.writeEndDocument();
            out.close();
            return text.toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /** Thunderbird's form, version 1.1. */
    static String autoconfig(Domain domain, MailServices server) {
        return document("", xml -> xml.element("clientConfig", config -> config.element("emailProvider", provider -> {
            provider.text("domain", domain.ascii());
            provider.text("displayName", domain.ascii());
            provider.text("displayShortName", domain.ascii());
            for (Service service : server.of(Protocol.IMAP)) {
                provider.element("incomingServer", each -> connection(each, server, service), "type", "imap");
            }
            for (Service service : server.of(Protocol.SMTP)) {
                provider.element("outgoingServer", each -> connection(each, server, service), "type", "smtp");
            }
        }, "id", domain.ascii()), "version", "1.1"));
    }

    private static void connection(Elements xml, MailServices server, Service service) throws XMLStreamException {
        xml.text("hostname", server.host().ascii());
        xml.text("port", String.valueOf(service.port()));
        xml.text("socketType", service.implicitTls() ? "SSL" : "STARTTLS");
        xml.text("authentication", "password-cleartext");
        xml.text("username", "%EMAILADDRESS%");
    }

    /** Outlook's form ([MS-OXDSCLI] §2.2.4). */
    static String autodiscover(String address, MailServices server) {
        return document("", xml -> xml.element("Autodiscover", root -> root.element("Response", response ->
                response.element("Account", account -> {
                    account.text("AccountType", "email");
                    account.text("Action", "settings");
                    for (Protocol protocol : Protocol.values()) {
                        for (Service service : server.of(protocol)) {
                            account.element("Protocol", each -> {
                                each.text("Type", protocol.name());
                                each.text("Server", server.host().ascii());
                                each.text("Port", String.valueOf(service.port()));
                                each.text("DomainRequired", "off");
                                each.text("LoginName", address);
                                each.text("SPA", "off");
                                each.text("SSL", service.implicitTls() ? "on" : "off");
                                each.text("Encryption", service.implicitTls() ? "SSL" : "TLS");
                                each.text("AuthRequired", "on");
                            });
                        }
                    }
                }), "xmlns", RESPONSE), "xmlns", AUTODISCOVER));
    }

    /** Apple's form: a configuration profile with one mail account; the password is asked for. */
    static String profile(String address, Domain domain, MailServices server) {
        Optional<Service> imap = server.of(Protocol.IMAP).stream().findFirst();
        Optional<Service> smtp = server.of(Protocol.SMTP).stream().findFirst();
        String doctype = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";
        return document(doctype, xml -> xml.element("plist", root -> root.element("dict", dict -> {
            dict.text("key", "PayloadContent");
            dict.element("array", array -> array.element("dict", mail -> {
                mail.pair("EmailAccountType", "EmailTypeIMAP");
                mail.pair("EmailAddress", address);
                mail.pair("EmailAccountDescription", domain.ascii());
                incoming(mail, "IncomingMailServer", address, server.host(), imap);
                incoming(mail, "OutgoingMailServer", address, server.host(), smtp);
                mail.pair("OutgoingPasswordSameAsIncomingPassword", true);
                payload(mail, "com.apple.mail.managed", "mail", address, domain);
            }));
            payload(dict, "Configuration", "profile", address, domain);
        }), "version", "1.0"));
    }

    private static void incoming(Elements xml, String kind, String address, Domain host, Optional<Service> service)
            throws XMLStreamException {
        xml.pair(kind + "Authentication", "EmailAuthPassword");
        xml.pair(kind + "HostName", host.ascii());
        xml.pair(kind + "PortNumber", service.map(Service::port).orElse(0));
        xml.pair(kind + "UseSSL", true); // also STARTTLS
        xml.pair(kind + "Username", address);
    }

    /** The same profile for the same address replaces the one that a device has. */
    private static void payload(Elements xml, String type, String part, String address, Domain domain) throws XMLStreamException {
        String name = part + " " + address;
        xml.pair("PayloadType", type);
        xml.pair("PayloadVersion", 1);
        xml.pair("PayloadIdentifier", domain.ascii() + "." + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
        xml.pair("PayloadUUID", UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
        xml.pair("PayloadDisplayName", address);
    }

    /** The address in a request of Autodiscover; empty if it is none. */
    static Optional<String> askedAddress(String request) {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader in = factory.createXMLStreamReader(new StringReader(request));
            while (in.hasNext()) {
                if (in.next() == XMLStreamConstants.START_ELEMENT && in.getLocalName().equals("EMailAddress")) {
                    String text = in.getElementText().strip();
                    return text.isEmpty() || text.length() > MAX_ADDRESS ? Optional.empty() : Optional.of(text);
                }
            }
            return Optional.empty();
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }
}
