package io.mailserver.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 8463 appendix A: one message with an RSA and an Ed25519 signature. */
class DkimVectorTest {
    static final String RSA_KEY = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
            Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
            KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
            AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
            6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
            zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
            6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
            uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
            WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
            WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
            licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
            o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
            uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
            -----END RSA PRIVATE KEY-----
            """;

    private static final String ZONE = """
            brisbane._domainkey.football.example.com. IN TXT (
             "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
            test._domainkey.football.example.com. IN TXT (
             "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
             "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
             "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
             "Ip3G+2kryOTIKT+l/K4w3QIDAQAB")
            """;

    private static final String SIGNATURES = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """;

    private static final String MESSAGE = """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """;

    private final ManualTime time = new ManualTime(Instant.ofEpochSecond(1_528_637_909));

    private List<DkimResult> verify(String message) throws IOException {
        return new DkimVerifier(new ZoneText(ZONE), time, DkimLimits.DEFAULTS)
                .verify(new ByteArrayInputStream(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bothSignaturesPass() throws IOException {
        assertThat(verify(SIGNATURES + MESSAGE)).extracting(DkimResult::verdict, DkimResult::algorithm, DkimResult::selector)
                .containsExactly(tuple(DkimVerdict.PASS, "ed25519-sha256", "brisbane"),
                        tuple(DkimVerdict.PASS, "rsa-sha256", "test"));
    }

    @Test
    void aChangeFailsBoth() throws IOException {
        assertThat(verify(SIGNATURES + MESSAGE.replace("lost", "won"))).extracting(DkimResult::verdict)
                .containsExactly(DkimVerdict.FAIL, DkimVerdict.FAIL);
        assertThat(verify(SIGNATURES + "Subject: another\n" + MESSAGE)).extracting(DkimResult::verdict)
                .containsExactly(DkimVerdict.FAIL, DkimVerdict.FAIL);
    }

    @Test
    void theSecretKeySignsWhatThePublicKeyVerifies() throws IOException {
        PrivateKey key = KeyFiles.privateKey(RSA_KEY);
        SigningKey signing = new SigningKey(Domain.parse("football.example.com").orElseThrow(), DnsName.of("test"), key);
        String field = new DkimSigner(time).sign(
                new ByteArrayInputStream(MESSAGE.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)), signing,
                new DkimSigner.SigningOptions(Canonicalization.SIMPLE, Canonicalization.SIMPLE, List.of(),
                        Optional.of("joe@football.example.com"), Optional.of(Duration.ofDays(7))));
        assertThat(verify(field.replace("\r\n", "\n") + MESSAGE)).extracting(DkimResult::verdict, DkimResult::identity)
                .containsExactly(tuple(DkimVerdict.PASS, "joe@football.example.com"));
        time.advance(Duration.ofDays(8));
        assertThat(verify(field.replace("\r\n", "\n") + MESSAGE)).extracting(DkimResult::verdict).containsExactly(DkimVerdict.FAIL);
    }
}
