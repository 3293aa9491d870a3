package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivedFieldTest {
    private static final ZonedDateTime DATE = ZonedDateTime.of(2026, 11, 2, 5, 9, 7, 0, ZoneOffset.ofHours(1));
    private static final Recipient ALICE = Recipient.of(Address.of("alice", new Domain("example.com")));
    private static final Recipient BOB = Recipient.of(Address.of("bob", new Domain("example.com")));

    @Test
    void saysFromByWithTlsIdForAndDate() {
        Client client = client(Client.Service.INBOUND, true, true, false, "2001:db8::1");
        assertThat(ReceivedField.format(envelope(client, ALICE), "mx.example.com", DATE, true))
                .isEqualTo(String.join("\r\n",
                        "Received: from client.example ([IPv6:2001:db8::1])",
                        "\tby mx.example.com with ESMTPS id m1",
                        "\t(TLSv1.3 TLS_AES_128_GCM_SHA256)",
                        "\tfor <alice@example.com>;",
                        "\tMon, 2 Nov 2026 05:09:07 +0100",
                        ""));
    }

    @Test
    void namesNobodyWhereSeveralShareTheMessage() {
        Client client = client(Client.Service.INBOUND, true, false, false, "192.0.2.1");
        assertThat(ReceivedField.format(envelope(client, ALICE, BOB), "mx.example.com", DATE, true)).doesNotContain("for <");
        assertThat(ReceivedField.format(envelope(client, ALICE), "mx.example.com", DATE, false)).doesNotContain("for <");
    }

    // RFC 3848, RFC 6531 §4.3
    @ParameterizedTest
    @CsvSource({
        "INBOUND, false, false, false, false, SMTP",
        "INBOUND, true, false, false, false, ESMTP",
        "INBOUND, true, true, false, false, ESMTPS",
        "SUBMISSION, true, true, true, false, ESMTPSA",
        "SUBMISSION, true, false, true, false, ESMTPA",
        "INBOUND, true, false, false, true, UTF8SMTP",
        "SUBMISSION, true, true, true, true, UTF8SMTPSA",
        "LMTP, true, false, false, false, LMTP",
        "LMTP, true, true, false, true, UTF8LMTPS",
    })
    void protocolSaysHowItCame(Client.Service service, boolean esmtp, boolean tls, boolean auth, boolean utf8, String expected) {
        assertThat(ReceivedField.protocol(client(service, esmtp, tls, auth, "192.0.2.1"), utf8)).isEqualTo(expected);
    }

    private static Client client(Client.Service service, boolean esmtp, boolean tls, boolean auth, String address) {
        return new Client(
                "s1",
                service,
                InetAddress.ofLiteral(address),
                40000,
                25,
                "client.example",
                esmtp,
                tls ? Optional.of(new Client.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256")) : Optional.empty(),
                auth ? Optional.of("alice@example.com") : Optional.empty());
    }

    private static Envelope envelope(Client client, Recipient... recipients) {
        return new Envelope("m1", client, Optional.empty(), MailParameters.NONE, List.of(recipients));
    }
}
