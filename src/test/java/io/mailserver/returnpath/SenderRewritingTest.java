package io.mailserver.returnpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.ManualTime;
import io.mailserver.smtp.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SenderRewritingTest {
    private static final Domain US = new Domain("us.example");
    private static final Address USER = Address.of("User.Name+x=y", new Domain("sender.example"));

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-30T12:00:00Z"));
    private final SenderRewriting ours = rewriting(1);

    private SenderRewriting rewriting(int key) {
        byte[] octets = new byte[Seal.KEY_OCTETS];
        octets[0] = (byte) key;
        return new SenderRewriting(new Seal(octets), Duration.ofDays(21), time);
    }

    private Address forwarded() {
        return ours.forward(USER, US).orElseThrow();
    }

    @Test
    void aForwardedSenderIsFoundAgain() {
        assertThat(forwarded().toString()).matches("SRS0=[a-z2-7]{8}=[a-z2-7]{2}=sender\\.example=User\\.Name\\+x=y@us\\.example");
        assertThat(ours.back(forwarded())).contains(USER);
    }

    @Test
    void serversThatChangeTheCaseDoNoHarm() {
        Address upper = Address.of(forwarded().localPart().toUpperCase(Locale.ROOT), US);
        assertThat(ours.back(upper)).map(back -> back.toString().toLowerCase(Locale.ROOT)).contains("user.name+x=y@sender.example");
    }

    @Test
    void itEndsAfterItsLifetime() {
        Address address = forwarded();
        time.advance(Duration.ofDays(21));
        assertThat(ours.back(address)).isPresent();
        time.advance(Duration.ofDays(1));
        assertThat(ours.back(address)).isEmpty();
    }

    @Test
    void nobodyElseMakesOne() {
        assertThat(rewriting(2).back(forwarded())).isEmpty();
        assertThat(ours.back(Address.of(forwarded().localPart(), new Domain("other.example")))).isEmpty();
        assertThat(ours.back(Address.of("SRS0=aaaaaaaa=aa=victim.example=user", US))).isEmpty();
    }

    @Test
    void anyOtherTextThanOursLeadsNowhere() {
        String right = forwarded().localPart();
        Fuzz.texts(List.of(right, ours.forward(forwarded(), new Domain("next.example")).orElseThrow().localPart()), text -> {
            Optional<Address> back = ours.back(Address.of(text, US));
            assertThat(back.isEmpty() || text.equalsIgnoreCase(right)).as(text).isTrue();
        });
    }

    @Test
    void whatAnotherForwarderWroteIsWrappedOnce() {
        SenderRewriting next = rewriting(3);
        SenderRewriting last = rewriting(4);
        Domain second = new Domain("second.example");
        Domain third = new Domain("third.example");
        Address one = next.forward(forwarded(), second).orElseThrow();
        assertThat(one.toString()).startsWith("SRS1=").contains("=us.example==").endsWith("@second.example");
        Address two = last.forward(one, third).orElseThrow();
        assertThat(two.localPart()).hasSameSizeAs(one.localPart());
        assertThat(next.back(one)).contains(forwarded());
        assertThat(last.back(two)).contains(forwarded());
        assertThat(ours.back(last.back(two).orElseThrow())).contains(USER);
        time.advance(Duration.ofDays(22));
        assertThat(last.back(two)).isEmpty();
    }

    @Test
    void separatorsOfOthersStayAsTheyAre() {
        Address other = Address.of("SRS0+abcd=xy=sender.example=user", new Domain("first.example"));
        Address one = ours.forward(other, US).orElseThrow();
        assertThat(ours.back(one)).contains(other);
    }

    @Test
    void aPathHasAsManyOctetsAsServersTake() {
        // <SRS0=hhhhhhhh=dd=sender.example=...@us.example>
        int room = 256 - "<SRS0=hhhhhhhh=dd=sender.example=@us.example>".length();
        Address longest = Address.of("a".repeat(room), USER.domain().orElseThrow());
        Address forwarded = ours.forward(longest, US).orElseThrow();
        assertThat(forwarded.localPart()).hasSizeGreaterThan(64);
        assertThat("<" + forwarded + ">").hasSize(256);
        assertThat(ours.back(forwarded)).contains(longest);
        assertThat(ours.forward(Address.of("a".repeat(room + 1), USER.domain().orElseThrow()), US)).isEmpty();
        Address quoted = Address.of(" ".repeat(room - 2), USER.domain().orElseThrow());
        assertThat(ours.forward(quoted, US)).as("quotes count").isPresent();
        assertThat(ours.forward(Address.of(" ".repeat(room - 1), USER.domain().orElseThrow()), US)).isEmpty();
    }

    @Test
    void whatDoesNotFitIsSentWithoutAReturnAddress() {
        assertThat(ours.forward(Address.of("a".repeat(240), new Domain("sender.example")), US)).isEmpty();
        assertThat(ours.forward(new Address("user", new Address.Host.Literal("[192.0.2.1]")), US)).isEmpty();
        assertThat(ours.forward(Address.of("SRS1=odd", new Domain("other.example")), US)).isEmpty();
    }

    @Test
    void envelopeIdsAreForTheirRecipientsAndATime() {
        EnvelopeIds ids = new EnvelopeIds(new Seal(new byte[Seal.KEY_OCTETS]), Duration.ofDays(30), time);
        EnvelopeIds.Origin origin = new EnvelopeIds.Origin("mx4b6wqi-2-1", 42);
        Address bob = Address.of("Bob", new Domain("example.net"));
        Address carol = Address.of("carol", new Domain("example.net"));
        String id = ids.of(origin, List.of(bob, carol)).orElseThrow();
        assertThat(id).hasSizeLessThanOrEqualTo(100);
        assertThat(ids.read(id, Address.of("bob", new Domain("example.net")))).contains(origin);
        assertThat(ids.read(id, carol)).contains(origin);
        assertThat(ids.read(id, Address.of("dave", new Domain("example.net")))).as("of the same domain").isEmpty();
        assertThat(ids.read(id.replace("42", "43"), bob)).isEmpty();
        assertThat(ids.read(id.replace("mx4b", "mx4c"), bob)).isEmpty();
        assertThat(ids.read("Q7B", bob)).isEmpty();
        assertThat(ids.of(origin, List.of(bob, bob, bob, bob, bob, bob, bob))).as("too many for one id").isEmpty();
        assertThat(ids.of(new EnvelopeIds.Origin("with space", 42), List.of(bob))).isEmpty();
        time.advance(Duration.ofDays(30));
        assertThat(ids.read(id, bob)).isPresent();
        time.advance(Duration.ofDays(1));
        assertThat(ids.read(id, bob)).isEmpty();
    }
}
