package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressLiteralTest {
    // RFC 5952 §4
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, [192.0.2.1]",
        "IPv6:2001:0DB8::0001, [IPv6:2001:db8::1]",
        "IPv6:2001:db8:0:1:1:1:1:1, [IPv6:2001:db8:0:1:1:1:1:1]",
        "IPv6:2001:0:0:1:0:0:0:1, [IPv6:2001:0:0:1::1]",
        "IPv6:2001:db8:0:0:1:0:0:1, [IPv6:2001:db8::1:0:0:1]",
        "IPv6:::, [IPv6:::]",
        "IPv6:::1, [IPv6:::1]",
        "IPv6:fe80::, [IPv6:fe80::]",
        "IPv6:::ffff:192.0.2.1, [192.0.2.1]",
    })
    void literalIsReadAndWrittenInCanonicalForm(String inside, String expected) {
        assertThat(AddressLiteral.format(AddressLiteral.parse(inside).orElseThrow())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "1.2.3", "1.2.3.4.5", "1.2.3.04", "0x1.2.3.4", "IPv6:", "IPv6:1.2.3.4", "IPv6:1:2:3", "IPv6:::1%lo", "example.com",
        "IPv6:12345::", "IPv6:::ffff:1.2.3"})
    void otherTextIsNoLiteral(String inside) {
        assertThat(AddressLiteral.parse(inside)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "2001:db8::1, 2001:db8::1"})
    void plainFormHasNoBrackets(String address, String expected) {
        assertThat(AddressLiteral.plain(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }
}
