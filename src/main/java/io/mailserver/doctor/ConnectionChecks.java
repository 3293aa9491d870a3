package io.mailserver.doctor;

import io.mailserver.base.Time;
import io.mailserver.doctor.Doctor.Patient;
import io.mailserver.smtp.AddressLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Talks to the server at the addresses that the DNS gives for it, as others would: SMTP up to TLS, IMAP up to its greeting. */
final class ConnectionChecks {
    private static final int SMTP_PORT = 25;
    private static final Duration SOON = Duration.ofDays(14);

    private final Patient patient;
    private final Time time;

    ConnectionChecks(Patient patient, Time time) {
        this.patient = patient;
        this.time = time;
    }

    List<Finding> examine(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        Optional<ServerFacts.Service> smtp = service("smtp");
        if (smtp.isEmpty()) {
            findings.add(Finding.fail("SMTP", "the server takes no mail from others", "configure a listener with service smtp at port 25"));
        } else if (smtp.get().port() != SMTP_PORT) {
            findings.add(Finding.warn("SMTP", "the server listens at port " + smtp.get().port() + ", but others deliver to port 25 only",
                    "let it listen at 25 (--ports standard), or forward 25 to it"));
        }
        for (InetAddress address : addresses) {
            smtp.ifPresent(service -> findings.addAll(smtp(new InetSocketAddress(address, service.port()))));
            service("imaps").ifPresent(service -> findings.add(imap(new InetSocketAddress(address, service.port()))));
        }
        if (service("imaps").isEmpty()) {
            findings.add(Finding.warn("IMAP", "nobody can read mail with TLS from the first octet",
                    "configure a listener with service imaps"));
        }
        return findings;
    }

    private Optional<ServerFacts.Service> service(String name) {
        return patient.services().stream().filter(service -> service.name().equals(name)).findFirst();
    }

    private List<Finding> smtp(InetSocketAddress where) {
        List<Finding> findings = new ArrayList<>();
        try (Caller caller = Caller.connect(where)) {
            List<String> greeting = caller.reply();
            caller.say("EHLO doctor." + patient.host());
            List<String> capabilities = caller.reply();
            if (!greeting.getFirst().startsWith("220") || !capabilities.getFirst().startsWith("250")) {
                return List.of(Finding.fail("SMTP", text(where) + " answers: " + greeting.getFirst(), "look at the server's log"));
            }
            findings.add(Finding.pass("SMTP", text(where) + " answers as " + patient.host()));
            if (capabilities.stream().noneMatch(line -> line.startsWith("STARTTLS", 4))) {
                findings.add(Finding.fail("TLS", text(where) + " offers no STARTTLS", "set tls of the listener to starttls"));
                return findings;
            }
            caller.say("STARTTLS");
            if (!caller.reply().getFirst().startsWith("220")) {
                findings.add(Finding.fail("TLS", text(where) + " refuses STARTTLS", "look at the server's log"));
                return findings;
            }
            findings.add(certificate(where, caller.startTls(patient.host().ascii())));
        } catch (IOException e) {
            findings.add(Finding.fail("SMTP", text(where) + " cannot be reached: " + e.getMessage(),
                    "open port 25 in the firewall (./mailserver firewall) and at the provider; seen from here, a router may be the cause"));
        }
        return findings;
    }

    private Finding imap(InetSocketAddress where) {
        try (Caller caller = Caller.connect(where)) {
            Caller.Certificate _ = caller.startTls(patient.host().ascii());
            String greeting = caller.line();
            return greeting.startsWith("* OK") ? Finding.pass("IMAP", text(where) + " answers with TLS")
                    : Finding.fail("IMAP", text(where) + " answers: " + greeting, "look at the server's log");
        } catch (IOException e) {
            return Finding.fail("IMAP", text(where) + " cannot be reached: " + e.getMessage(),
                    "open port " + where.getPort() + " in the firewall");
        }
    }

    private Finding certificate(InetSocketAddress where, Caller.Certificate certificate) {
        Instant end = certificate.ends();
        String remedy = "get a certificate for " + patient.host() + " and set tls.certificates (docs/configuration.md)";
        if (end.isBefore(time.now())) {
            return Finding.fail("certificate", "that of " + text(where) + " ended at " + end, remedy);
        }
        if (!certificate.problem().isEmpty()) {
            return Finding.warn("certificate", "that of " + text(where) + " is not trusted: " + certificate.problem(), remedy);
        }
        return end.isBefore(time.now().plus(SOON))
                ? Finding.warn("certificate", "that of " + text(where) + " ends at " + end, "renew it")
                : Finding.pass("certificate", "that of " + text(where) + " is trusted until " + end);
    }

    private static String text(InetSocketAddress where) {
        String address = AddressLiteral.plain(where.getAddress());
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + where.getPort();
    }
}
