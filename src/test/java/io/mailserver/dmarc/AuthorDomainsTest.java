package io.mailserver.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorDomainsTest {
    private static AuthorDomains read(String header) {
        return AuthorDomains.of(HeaderBlock.parse(header.getBytes(StandardCharsets.UTF_8), HeaderBlock.Limits.DEFAULTS));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a@x.example                                  | x.example           | 0
            <a@x.example>                                | x.example           | 0
            A. Name <a@X.example.>                       | x.example           | 0
            "b@y.example, <c@z.example>" <a@x.example>   | x.example           | 0
            b@y.example <a@x.example>                    | x.example           | 0
            (b@y.example (c)) A <a@x.example> (d@z)      | x.example           | 0
            "odd @ \\" local"@x.example                  | x.example           | 0
            <@r.example,@s.example:a@x.example>          | x.example           | 0
            a@x.example, B <b@y.example>, c@x.example    | x.example y.example | 0
            Group: a@x.example, b@y.example;             | x.example y.example | 0
            Nobody:;                                     | ~~                  | 0
            <a@x.example> <b@y.example>                  | x.example y.example | 0
            A <a@bücher.example>                         | xn--bcher-kva.example | 0
            nobody                                       | ~~                  | 1
            <>                                           | ~~                  | 1
            a@[192.0.2.1]                                | ~~                  | 1
            a@x.example, nobody                          | x.example           | 1
            """)
    void addresses(String from, String domains, int unreadable) {
        AuthorDomains read = read("From: " + from + "\r\n\r\n");
        assertThat(read.domains().stream().map(Domain::ascii).collect(Collectors.joining(" "))).isEqualTo(domains);
        assertThat(read.unreadable()).isEqualTo(unreadable);
    }

    @Test
    void allFromFieldsCount() {
        assertThat(read("From: a@x.example\r\nfrom : b@y.example\r\n\r\n").domains()).extracting(Domain::ascii)
                .containsExactly("x.example", "y.example");
        assertThat(read("To: a@x.example\r\n\r\n").domains()).isEmpty();
    }
}
