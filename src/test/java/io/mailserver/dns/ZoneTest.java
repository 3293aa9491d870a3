package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import org.junit.jupiter.api.Test;

/** The zone text behaves as a resolver would, so that what passes with it passes in the world. */
class ZoneTest {
    private static final Zone ZONE = Zone.parse("""
            example.com       SOA  ns.example.com. root.example.com. 7 1 1 1 60
            example.com       MX   10 mail.example.com
            example.com       MX   20 backup.example.com
            mail.example.com  A    192.0.2.1
            mail.example.com  AAAA ::ffff:192.0.2.1
            a.b.example.com   TXT  "one" "two"
            *.wild.example.com A   192.0.2.9
            x.wild.example.com TXT "here"
            alias.example.com CNAME other.example.com
            other.example.com CNAME mail.example.com
            dangling.example.com CNAME nowhere.example.com
            loop.example.com  CNAME loop.example.com
            lost.example.com  CNAME www.silent.example
            $AUTHENTIC signed.example
            signed.example    A 192.0.2.2
            to.signed.example CNAME mail.example.com
            $SERVFAIL broken.example
            $TIMEOUT  silent.example ; a comment
            $BOGUS    forged.example
            """);

    private static <R extends Rdata> Answer<R> ask(String name, RecordType<R> type) {
        return ZONE.lookup(DnsName.of(name), type);
    }

    @Test
    void recordsComeInOrder() {
        assertThat(ask("Example.COM", RecordType.MX).records()).containsExactly(
                new Rdata.Mx(10, DnsName.of("mail.example.com")), new Rdata.Mx(20, DnsName.of("backup.example.com")));
    }

    @Test
    void stringsOfATextAreJoined() {
        assertThat(ask("a.b.example.com", RecordType.TXT).records()).containsExactly(new Rdata.Txt("onetwo"));
    }

    @Test
    void mappedAddressesStayIpv6() {
        assertThat(ask("mail.example.com", RecordType.AAAA).records().getFirst().address().getAddress()).hasSize(16);
    }

    @Test
    void aNameWithNamesBelowExists() {
        assertThat(ask("b.example.com", RecordType.A)).isEqualTo(new Answer.NoData<>(false));
        assertThat(ask("c.example.com", RecordType.A)).isEqualTo(new Answer.NxDomain<>(false));
    }

    @Test
    void wildcardsAnswerOnlyForWhatDoesNotExist() {
        assertThat(ask("any.wild.example.com", RecordType.A).records()).hasSize(1);
        assertThat(ask("any.wild.example.com", RecordType.TXT)).isEqualTo(new Answer.NoData<>(false));
        assertThat(ask("x.wild.example.com", RecordType.A)).isEqualTo(new Answer.NoData<>(false));
    }

    @Test
    void aliasesAreFollowedToTheEnd() {
        assertThat(ask("alias.example.com", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class, found ->
                assertThat(found.owner()).isEqualTo(DnsName.of("mail.example.com")));
        assertThat(ask("dangling.example.com", RecordType.A)).isEqualTo(new Answer.NxDomain<>(false));
        assertThat(ask("loop.example.com", RecordType.A)).isInstanceOf(Answer.ServFail.class);
        assertThat(ask("lost.example.com", RecordType.A)).isInstanceOf(Answer.ServFail.class);
        assertThat(ask("alias.example.com", RecordType.CNAME).records())
                .containsExactly(new Rdata.Cname(DnsName.of("other.example.com")));
    }

    @Test
    void authenticNamesAreVouchedForUnlessAnAliasLeavesThem() {
        assertThat(ask("signed.example", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class, found ->
                assertThat(found.authentic()).isTrue());
        assertThat(ask("none.signed.example", RecordType.A)).isEqualTo(new Answer.NxDomain<>(true));
        assertThat(ask("to.signed.example", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class, found ->
                assertThat(found.authentic()).isFalse());
    }

    @Test
    void namesFailAsTold() {
        assertThat(ask("www.broken.example", RecordType.A)).isInstanceOf(Answer.ServFail.class);
        assertThat(ask("silent.example", RecordType.A)).isEqualTo(new Answer.TimedOut<>());
        assertThat(ask("forged.example", RecordType.A)).isInstanceOf(Answer.Bogus.class);
    }

    @Test
    void aWrongLineIsNamed() {
        assertThatThrownBy(() -> Zone.parse("a.example A 192.0.2.1\nb.example A nonsense\n"))
                .isInstanceOf(OperatorException.class).hasMessageContaining(":2:");
        assertThatThrownBy(() -> Zone.parse("$TIMEOUT")).isInstanceOf(OperatorException.class);
    }

    @Test
    void otherFilesAreNotIncluded() {
        assertThatThrownBy(() -> Zone.parse("$INCLUDE /etc/passwd\n")).isInstanceOf(OperatorException.class);
    }
}
