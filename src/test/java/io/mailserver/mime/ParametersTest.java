package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    private static String raw(String value) {
        return ContentType.parse(value).parameters().all().stream()
                .map(parameter -> parameter.name() + '=' + parameter.value()).collect(Collectors.joining(";"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // RFC 2045 §5.1
        "text/plain; charset=us-ascii (Plain text) | charset=us-ascii",
        "text/plain; charset=\"us-ascii\" | charset=us-ascii",
        "TEXT / Plain (x) ; (y) Charset = \"a\\\"b\" ; format=flowed | charset=a\"b;format=flowed",
        "text/plain charset=utf-8 | charset=utf-8",
        "text/plain;; ;charset=utf-8; | charset=utf-8",
        "text/plain; name=my letter.txt; x=y | name=my letter.txt;x=y",
        "text/plain; name=\"never closed | name=never closed",
        "text/plain; a=1; A=2 | a=1",
        "text/plain; alone; b=2 | b=2",
        "text/plain; =x; b=2 | b=2",
        "text/plain; empty=; b=2 | empty=;b=2",
        // RFC 2231 §3, §4, §4.1
        "message/external-body; access-type=URL; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub\" | access-type=URL;url=ftp://cs.utk.edu/pub",
        "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"
                + " | title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
        "application/x-stuff; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*0*=us-ascii'en'This%20is%20even%20more%20; title*2=\"isn't it!\""
                + " | title*=us-ascii'en'This%20is%20even%20more%20%2A%2A%2Afun%2A%2A%2A%20isn%27t%20it!",
        "text/plain; name*0=a; name*2=c | name=a",
        "text/plain; name*1=a | name=",
    })
    void asBodystructureShowsThem(String value, String parameters) {
        assertThat(raw(value)).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x/y; t*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A | This is ***fun***",
        "x/y; t*0*=us-ascii'en'This%20is%20even%20more%20; t*1*=%2A%2A%2Afun%2A%2A%2A%20; t*2=\"isn't it!\""
                + " | This is even more ***fun*** isn't it!",
        "x/y; t=plain; t*=utf-8''gr%C3%BCn | grün",
        "x/y; t=\"=?utf-8?Q?gr=C3=BCn?=\" | grün",
        "x/y; t*=utf-8''%E2%82%AC%zz% | €%zz%",
        "x/y; t*=nothing%41 | nothingA",
        "x/y; t*=unknown''%fc | ü",
        "x/y; t=grün | grün",
    })
    void decoded(String value, String text) {
        assertThat(ContentType.parse(value).parameters().get("t")).contains(text);
    }

    @Test
    void typesAreLowerCaseWords() {
        assertThat(ContentType.parse("Text/HTML")).hasToString("text/html");
        assertThat(ContentType.parse("text")).hasToString("text/plain");
        assertThat(ContentType.parse("text/")).hasToString("text/plain");
        assertThat(ContentType.parse("te<t/html; charset=x").parameters().get("charset")).contains("x");
        assertThat(ContentType.parse("application/vnd.ms-excel")).hasToString("application/vnd.ms-excel");
    }

    @Test
    void dispositions() {
        // RFC 2183 §2
        assertThat(ContentDisposition.parse("attachment; filename=genome.jpeg;\tmodification-date=\"Wed, 12 Feb 1997 16:29:51 -0500\";"))
                .hasValueSatisfying(disposition -> {
                    assertThat(disposition.isAttachment()).isTrue();
                    assertThat(disposition.parameters().get("filename")).contains("genome.jpeg");
                    assertThat(disposition.parameters().get("modification-date")).contains("Wed, 12 Feb 1997 16:29:51 -0500");
                });
        assertThat(ContentDisposition.parse("INLINE")).contains(new ContentDisposition("inline", Parameters.NONE));
        assertThat(ContentDisposition.parse("filename=\"x\"")).isEmpty();
        assertThat(ContentDisposition.parse("")).isEmpty();
    }
}
