package io.mailserver.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.dns.DnsName;
import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7208 §7.4 and the corners of §7.1 and §7.3. */
class MacroStringTest {
    private static MacroString.Values values(String localPart, String ip) {
        DnsName domain = DnsName.of("email.example.com");
        return new SenderMacros(localPart, domain, "mta.example.net", "mx.example.org", Client.of(InetAddress.ofLiteral(ip)),
                Instant.ofEpochSecond(1_234_567), name -> "ptr." + name.text()).in(domain);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "%{s}, strong-bad@email.example.com", "%{o}, email.example.com", "%{d}, email.example.com", "%{d4}, email.example.com",
        "%{d3}, email.example.com", "%{d2}, example.com", "%{d1}, com", "%{dr}, com.example.email", "%{d2r}, example.email",
        "%{l}, strong-bad", "%{l-}, strong.bad", "%{lr}, strong-bad", "%{lr-}, bad.strong", "%{l1r-}, strong",
        "%{ir}.%{v}._spf.%{d2}, 3.2.0.192.in-addr._spf.example.com", "%{lr-}.lp._spf.%{d2}, bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}, bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, 3.2.0.192.in-addr.strong.lp._spf.example.com",
        "%{d2}.trusted-domains.example.net, example.com.trusted-domains.example.net",
        "%{h}.x, mta.example.net.x", "%{p}, ptr.email.example.com", "%{d127}, email.example.com", "%{D2}, example.com",
        "%{s/.+-}.x, strong.bad@email.example.com.x", "a%%.%_%-%{d1}, a%. %20com"
    })
    void expansions(String text, String expansion) throws SpfSyntaxException {
        assertThat(MacroString.domainSpec(text).expand(values("strong-bad", "192.0.2.3"))).isEqualTo(expansion);
    }

    @Test
    void ipv6AddressesAreNibbles() throws SpfSyntaxException {
        assertThat(MacroString.domainSpec("%{ir}.%{v}._spf.%{d2}").expand(values("a", "2001:db8::cb01"))).isEqualToIgnoringCase(
                "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
    }

    @Test
    void explanationsKnowMoreLettersAndSpaces() throws SpfSyntaxException {
        assertThat(MacroString.explanation("See %{r} at %{t} for %{c}: %{S}").expand(values("a=b", "2001:db8::1")))
                .isEqualTo("See mx.example.org at 1234567 for 2001:db8::1: a%3Db%40email.example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%{", "%{d", "%{}", "%{x}.com", "%{d0}", "%(d)", "%{dr0}", "%{d;}", "%{c}.com", "%{r}.com", "%{t}.com",
        "com", "example.123", "example.-a", "example.a-", "%{d}com", "a b.com", "ä.com", "example..", "."})
    void whatIsNoDomainSpec(String text) {
        assertThatThrownBy(() -> MacroString.domainSpec(text)).isInstanceOf(SpfSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "example.com.", "a:b/c.example.1x", "example.xn--p1ai", "x%{d}", "x%%", "%{ir}.a-b", ".com"})
    void whatIsADomainSpec(String text) throws SpfSyntaxException {
        assertThat(MacroString.domainSpec(text).parts()).isNotEmpty();
    }
}
