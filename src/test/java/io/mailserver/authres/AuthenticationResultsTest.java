package io.mailserver.authres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.authres.AuthenticationResults.SyntaxException;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationResultsTest {
    static final String FULL = "example.com 1 (a comment); spf=pass (policy (strict\\)) applied) reason=\"good \\\"stuff\\\"\" "
            + "smtp.mailfrom=a@example.net; dkim / 1 = fail (bad) header . d = \"example.org\" header.b=F3/x+4g=; none-such=x policy.p=q";

    @Test
    void everyPartIsRead() throws SyntaxException {
        AuthenticationResults read = AuthenticationResults.parse(FULL);
        assertThat(read.id()).isEqualTo("example.com");
        assertThat(read.results()).extracting(MethodResult::method).containsExactly("spf", "dkim", "none-such");
        MethodResult spf = read.results().getFirst();
        assertThat(spf.comment()).isEqualTo("policy (strict)) applied");
        assertThat(spf.reason()).contains("good \"stuff\"");
        assertThat(spf.property("smtp", "mailfrom")).contains("a@example.net");
        assertThat(read.results().get(1).property("header", "d")).contains("example.org");
        assertThat(read.results().get(1).property("header", "b")).contains("F3/x+4g=");
    }

    @Test
    void noResultsAreNone() throws SyntaxException {
        assertThat(AuthenticationResults.parse("example.com; none").results()).isEmpty();
        assertThat(new AuthenticationResults("example.com", List.of()).toField())
                .isEqualTo("Authentication-Results: example.com;\r\n none\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "example.com", "example.com;", "example.com 2; spf=pass", "; spf=pass", "example.com; spf", "example.com; spf=",
        "example.com; spf=pass smtp", "example.com; spf=pass smtp.x", "example.com; spf=pass smtp.x=",
        "example.com; spf=pass (a", "example.com; spf=pass reason=\"x", "example.com; none; spf=pass"
    })
    void whatBreaksTheGrammar(String payload) {
        assertThatThrownBy(() -> AuthenticationResults.parse(payload)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void whatIsWrittenReadsTheSame() throws SyntaxException {
        MethodResult result = MethodResult.of("spf", "fail").withComment("not (192.0.2.1)").withReason("because; \"so\"")
                .with("smtp", "mailfrom", "\"odd local\"@example.com").with("smtp", "helo", "a b;c=d")
                .with("header", "from", "x@bücher.example");
        AuthenticationResults written = new AuthenticationResults("mx.example.com", List.of(result, MethodResult.of("dkim", "none")));
        HeaderField field = HeaderField.of(written.toField());
        assertThat(AuthenticationResults.parse(field)).isEqualTo(written);
    }

    @Test
    void hostileValuesStayInTheirPlace() throws SyntaxException {
        MethodResult result = MethodResult.of("spf", "fail").withComment("x) ; dkim=pass (\r\nBcc: eve")
                .with("smtp", "helo", "x\r\n\r\nbody\0").with("smtp", "mailfrom", "a; dkim=pass header.d=bank.example@evil.example");
        String field = new AuthenticationResults("mx", List.of(result)).toField();
        assertThat(HeaderBlock.parse(field.getBytes(StandardCharsets.UTF_8), HeaderBlock.Limits.DEFAULTS).fields()).hasSize(1);
        AuthenticationResults read = AuthenticationResults.parse(HeaderField.of(field));
        assertThat(read.results()).extracting(MethodResult::method).containsExactly("spf");
    }

    @Test
    void longFieldsAreFolded() {
        MethodResult result = MethodResult.of("dkim", "pass").with("header", "d", "a-rather-long-domain-name.example.com")
                .with("header", "s", "a-rather-long-selector").with("header", "b", "abcdefgh");
        String field = new AuthenticationResults("mx.example.com", List.of(result, result)).toField();
        assertThat(field.lines()).allMatch(line -> line.length() <= 79).hasSizeGreaterThan(3);
    }

    @Test
    void impostorsAreFound() {
        String fields = """
                Authentication-Results: MX.example.com; spf=pass
                Authentication-Results: mx.example.com.evil.example; spf=pass
                authentication-results: (hello) "mx.example.com" 1; none
                Authentication-Results: mx.example.com (broken; spf=pass
                Authentication-Results: other.example; spf=pass (mx.example.com)
                X: mx.example.com

                """;
        HeaderBlock header =
                HeaderBlock.parse(fields.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII), HeaderBlock.Limits.DEFAULTS);
        assertThat(AuthenticationResults.impostors(header, "mx.example.com")).containsExactly(
                header.fields().get(0), header.fields().get(2), header.fields().get(3));
    }
}
