package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.simulation.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4_ADDRESSES = "c0000201 c6336401 dea8 0019";
    private static final String IPV6_ADDRESSES = "20010db8000000000000000000000001 20010db8000000000000000000000002 dea8 0019";

    @ParameterizedTest
    @CsvSource({
        "'PROXY TCP4 192.0.2.1 198.51.100.1 57000 25', 192.0.2.1, 57000",
        "'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535', 255.255.255.255, 65535",
        "'PROXY TCP6 2001:db8::1 2001:DB8::2 57000 25', 2001:db8::1, 57000",
        "'PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535', "
                + "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535"
    })
    void lineNamesTheClient(String line, String address, int port) throws IOException {
        assertThat(parse(line + "\r\n").client()).contains(client(address, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ffff::1 ffff::2 1 2", "PROXY UNKNOWN anything at all"})
    void unknownLeavesTheConnectionsOwnAddress(String line) throws IOException {
        assertThat(parse(line + "\r\n").client()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "EHLO client.example.com\r\n",
        "PROXY\r\nPROXY TCP4 192.0.2.1 198.51.100.1 57000 25\r\n",
        "proxy TCP4 192.0.2.1 198.51.100.1 57000 25\r\n",
        "PROXY  TCP4 192.0.2.1 198.51.100.1 57000 25\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 57000 25 \r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 57000 25\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 57000\r\n",
        "PROXY TCP4 192.0.2.01 198.51.100.1 57000 25\r\n",
        "PROXY TCP4 192.0.2 198.51.100.1 57000 25\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.1 57000 25\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 57000 25\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.1 57000 25\r\n",
        "PROXY TCP6 2001:db8::1::2 2001:db8::2 57000 25\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 65536 25\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 025 25\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 -1 25\r\n",
        "PROXY TCP4 localhost localhost 57000 25\r\n",
        "PROXY UDP4 192.0.2.1 198.51.100.1 57000 25\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 57000 25"
    })
    void otherLinesAreRefused(String octets) {
        assertThatThrownBy(() -> parse(octets)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void lineEndsWithinItsLimit() throws IOException {
        String longest = "PROXY UNKNOWN " + "x".repeat(ProxyHeader.MAX_LINE - 16) + "\r\n";
        assertThat(longest).hasSize(ProxyHeader.MAX_LINE);
        assertThat(parse(longest).client()).isEmpty();
        assertThatThrownBy(() -> parse(longest.replace("xx", "xxx"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void nothingBehindTheHeaderIsRead() throws IOException {
        assertRest("PROXY TCP4 192.0.2.1 198.51.100.1 57000 25\r\n".getBytes(StandardCharsets.US_ASCII));
        assertRest(binary("21 11 000c" + IPV4_ADDRESSES));
    }

    private static void assertRest(byte[] header) throws IOException {
        byte[] rest = "EHLO".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(header);
        both.writeBytes(rest);
        ByteArrayInputStream in = new ByteArrayInputStream(both.toByteArray());
        assertThat(ProxyHeader.read(in).client()).isPresent();
        assertThat(in.readAllBytes()).isEqualTo(rest);
    }

    @Test
    void binaryHeaderNamesTheClient() throws IOException {
        assertThat(parseBinary("21 11 000c" + IPV4_ADDRESSES).client()).contains(client("192.0.2.1", 57_000));
        assertThat(parseBinary("21 21 0024" + IPV6_ADDRESSES).client()).contains(client("2001:db8::1", 57_000));
    }

    @Test
    void extensionsAreSkipped() throws IOException {
        assertThat(parseBinary("21 11 0014" + IPV4_ADDRESSES + "04 0005 0102030405").client()).contains(client("192.0.2.1", 57_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "20 00 0000", // LOCAL
        "20 11 000c" + IPV4_ADDRESSES, // LOCAL with addresses, which do not count
        "21 00 0000", // PROXY for an unknown family
        "21 12 000c" + IPV4_ADDRESSES, // UDP
        "21 10 000c" + IPV4_ADDRESSES // unspecified transport
    })
    void localAndUnknownLeaveTheConnectionsOwnAddress(String header) throws IOException {
        assertThat(parseBinary(header).client()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "11 11 000c" + IPV4_ADDRESSES, // version 1 in binary
        "22 11 000c" + IPV4_ADDRESSES, // command 2
        "21 41 000c" + IPV4_ADDRESSES, // family 4
        "21 13 000c" + IPV4_ADDRESSES, // transport 3
        "21 11 000b c0000201 c6336401 dea8 00", // shorter than its addresses
        "21 21 000c" + IPV4_ADDRESSES, // IPv6 with room for IPv4 only
        "21 31 000c" + IPV4_ADDRESSES, // UNIX without its paths
        "21 11 000d" + IPV4_ADDRESSES, // ends too early
        "21 11", // ends too early
        "21 11 ffff" + IPV4_ADDRESSES // longer than we take
    })
    void otherBinaryHeadersAreRefused(String header) {
        assertThatThrownBy(() -> parseBinary(header)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void damagedHeadersAreRefusedOrRead() {
        List<byte[]> examples = List.of(
                "PROXY TCP4 192.0.2.1 198.51.100.1 57000 25\r\nEHLO x\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY TCP6 2001:db8::1 2001:db8::2 57000 25\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
                binary("21 11 0014" + IPV4_ADDRESSES + "04 0005 0102030405"),
                binary("21 21 0024" + IPV6_ADDRESSES),
                binary("20 00 0000"));
        Fuzz.octets(examples, octets -> {
            ByteArrayInputStream in = new ByteArrayInputStream(octets);
            try {
                ProxyHeader header = ProxyHeader.read(in);
                header.client().ifPresent(client -> assertThat(client.isUnresolved()).isFalse());
                assertThat(octets.length - in.available()).isBetween(15, 16 + ProxyHeader.MAX_V2_BODY);
            } catch (ProtocolException e) {
                assertThat(octets.length - in.available()).isLessThanOrEqualTo(16 + ProxyHeader.MAX_V2_BODY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static ProxyHeader parse(String octets) throws IOException {
        return ProxyHeader.read(new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static ProxyHeader parseBinary(String afterSignature) throws IOException {
        return ProxyHeader.read(new ByteArrayInputStream(binary(afterSignature)));
    }

    private static byte[] binary(String afterSignature) {
        return HexFormat.of().parseHex(SIGNATURE + afterSignature.replace(" ", ""));
    }

    private static InetSocketAddress client(String address, int port) {
        return new InetSocketAddress(Network.parseAddress(address).orElseThrow(), port);
    }
}
