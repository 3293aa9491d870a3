package io.mailserver.smtp;

import java.util.Map;
import java.util.Optional;

/** One command of a client, its syntax checked; whether it may come now is for the session. */
public sealed interface SmtpCommand {
    SmtpVerb verb();

    /**
     * EHLO, HELO or LHLO.
     *
     * @param verb which of them
     * @param name what the client calls itself: printable US-ASCII without blanks, parentheses and quotes, at most 255 octets; a domain
     *     with U-labels as A-labels. Never trusted.
     */
    record Hello(SmtpVerb verb, String name) implements SmtpCommand {}

    /**
     * MAIL FROM.
     *
     * @param reversePath empty for {@code <>}
     */
    record Mail(Optional<Address> reversePath, MailParameters parameters) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.MAIL;
        }
    }

    /** RCPT TO. */
    record Rcpt(Recipient recipient) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.RCPT;
        }
    }

    /**
     * BDAT (RFC 3030 §2).
     *
     * @param octets that follow the command line
     * @param last whether they end the message
     */
    record Bdat(long octets, boolean last) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.BDAT;
        }
    }

    /**
     * AUTH (RFC 4954 §4).
     *
     * @param mechanism its name in upper case
     * @param initialResponse in base64, {@code =} for the empty one; a secret
     */
    record Auth(String mechanism, Optional<String> initialResponse) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.AUTH;
        }

        /** Says nothing of the response. */
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    /** XCLIENT: attributes by upper-case name, values decoded from xtext. */
    record XClient(Map<String, String> attributes) implements SmtpCommand {
        public XClient {
            attributes = Map.copyOf(attributes);
        }

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.XCLIENT;
        }
    }

    /**
     * All the others: what follows them says nothing to us.
     *
     * @param argument without blanks at its ends; empty for verbs that take none
     */
    record Simple(SmtpVerb verb, String argument) implements SmtpCommand {}
}
