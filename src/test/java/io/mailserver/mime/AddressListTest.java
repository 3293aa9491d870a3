package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {
    /** {@code {name}[route]local@domain}, groups as {@code name:(members)}. */
    private static String show(MailAddress address) {
        return switch (address) {
            case MailAddress.Mailbox mailbox -> (mailbox.name().isEmpty() ? "" : '{' + mailbox.name() + '}')
                    + (mailbox.route().isEmpty() ? "" : '[' + mailbox.route() + ']') + mailbox.localPart() + '@' + mailbox.domain();
            case MailAddress.Group group -> group.name() + ":(" + group.members().stream().map(AddressListTest::show)
                    .collect(Collectors.joining(" ")) + ')';
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', value = {
        // RFC 5322, appendix A
        "John Doe <jdoe@machine.example> | {John Doe}jdoe@machine.example",
        "\"Joe Q. Public\" <john.q.public@example.com> | {Joe Q. Public}john.q.public@example.com",
        "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test> | {Mary Smith}mary@x.test jdoe@example.org {Who?}one@y.test",
        "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"
                + " | boss@nil.test {Giant; \"Big\" Box}sysservices@example.net",
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"
                + " | A Group:({Ed Jones}c@a.test joe@where.test {John}jdoe@one.test)",
        "Undisclosed recipients:; | Undisclosed recipients:()",
        "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> | {Pete}pete@silly.test",
        "A Group(Some people) :Chris Jones <c@(Chris's host.)public.example>, joe@example.org, John <j@one.test> (dear friend); (the end)"
                + " | A Group:({Chris Jones}c@public.example joe@example.org {John}j@one.test)",
        "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ; | Hidden recipients:()",
        "Joe Q. Public <john.q.public@example.com> | {Joe Q. Public}john.q.public@example.com",
        "Mary Smith <@node.test:mary@example.net>, , jdoe@test   . example | {Mary Smith}[@node.test]mary@example.net jdoe@test.example",
        "John <@a,@b:c@d> | {John}[@a,@b]c@d",
        // What else is met
        "user@example.com (Some One) | {Some One}user@example.com",
        "\"a b\"@example.com | a b@example.com",
        "x@[192.0.2.1] | x@[192.0.2.1]",
        "X <x@[IPv6:2001:db8::1]> | {X}x@[IPv6:2001:db8::1]",
        "\"never closed <a@b> | never closed <a@b>@",
        "A <a@b, C <c@d> | {A}a@b {C}c@d",
        "A <a@b | {A}a@b",
        "A <a@b> C <c@d> | {A}a@b {C}c@d",
        "a@b; c@d | a@b c@d",
        "someone | someone@",
        "Postmaster <> | {Postmaster}@",
        "<<a@b>> | a@b",
        "John.Doe <j@d> | {John.Doe}j@d",
        "a@b@c <x@y> | {a@b@c}x@y",
        "=?utf-8?Q?J=C3=B6rg?= <j@x> | {=?utf-8?Q?J=C3=B6rg?=}j@x",
        "Jörg <jörg@exämple.org> | {Jörg}jörg@exämple.org",
        "group: a@b | group:(a@b)",
        ", ,; | ''",
    })
    void lists(String value, String expected) {
        assertThat(AddressList.parse(value).entries().stream().map(AddressListTest::show).collect(Collectors.joining(" ")))
                .isEqualTo(expected.equals("''") ? "" : expected);
    }

    @Test
    void namesForPeople() {
        MailAddress.Mailbox mailbox = AddressList.parse("=?utf-8?Q?J=C3=B6rg?= <j@x>").mailboxes().getFirst();
        assertThat(mailbox.displayName()).isEqualTo("Jörg");
        assertThat(mailbox.address()).isEqualTo("j@x");
    }

    @Test
    void fieldsOfOneNameAreOneList() {
        HeaderBlock header = HeaderBlock.parse("To: a@b\r\nTo: g: c@d;\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                HeaderBlock.Limits.DEFAULTS);
        assertThat(AddressList.of(header, "to").addresses()).containsExactly("a@b", "c@d");
        assertThat(AddressList.of(header, "cc").isEmpty()).isTrue();
    }

    @Test
    void countIsBounded() {
        assertThat(AddressList.parse("a@b,".repeat(20_000)).entries()).hasSize(AddressList.MAX_MAILBOXES);
    }
}
