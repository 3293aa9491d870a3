package io.mailserver.dkim;

import static io.mailserver.dkim.SignedMail.MESSAGE;
import static io.mailserver.dkim.SignedMail.key;
import static io.mailserver.dkim.SignedMail.published;
import static io.mailserver.dkim.SignedMail.record;
import static io.mailserver.dkim.SignedMail.sign;
import static io.mailserver.dkim.SignedMail.signWith;
import static io.mailserver.dkim.SignedMail.verify;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.simulation.ZoneText;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DkimVerifierTest {
    /** Tags as {@link SignedMail#signWith} takes them, the verdict, and a word of its reason. */
    private static final String TAGS = """
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=?                              | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=?;                             | PASS      | ''
            v=1;a=rsa-sha256;d=example.com;s=r;h=From:subject:to;bh=?;b=?                         | PASS      | ''
            v=1; a=rsa-sha256; d=EXAMPLE.com; s=R; h=from : to; q=dns/txt; bh=?; b=?; zz=unknown  | PASS      | ''
            v=1; a=rsa-sha256; c=relaxed; d=example.com; s=r; h=from; bh=?; b=?                   | PASS      | ''
            v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=r; h=from; bh=?; b=?           | PASS      | ''
            v=1; a=rsa-sha256; c=simple/relaxed; d=example.com; s=r; h=from; bh=?; b=?            | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from:x-none:from:from; bh=?; b=?             | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; l=5; bh=?; b=?                         | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; l=0; bh=?; b=?                         | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; l=9999; bh=?; b=?                      | FAIL      | shorter
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; l=-1; bh=?; b=?                        | PERMERROR | number
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; t=1699999999; x=1700000001; bh=?; b=?  | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; x=1699999999; bh=?; b=?                | FAIL      | expired
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; x=99999999999999999999; bh=?; b=?      | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; t=1800000000; x=1800000000; bh=?; b=?  | PERMERROR | after
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; t=yesterday; bh=?; b=?                 | PERMERROR | number
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; i=@example.com; bh=?; b=?              | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; i=a=20b@sub.example.com; bh=?; b=?     | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; i=@badexample.com; bh=?; b=?           | PERMERROR | within
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; i=example.com; bh=?; b=?               | PERMERROR | identity
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; i=a=0Ab@example.com; bh=?; b=?         | PERMERROR | control
            v=1; a=rsa-sha256; d=sub.example.com; s=r; h=from; i=@example.com; bh=?; b=?          | PERMERROR | within
            v=2; a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=?                              | PERMERROR | version
            a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=?                                   | PERMERROR | v=
            v=1; d=example.com; s=r; h=from; bh=?; b=?                                            | PERMERROR | a=
            v=1; a=rsa-sha256; s=r; h=from; bh=?; b=?                                             | PERMERROR | d=
            v=1; a=rsa-sha256; d=example.com; h=from; bh=?; b=?                                   | PERMERROR | s=
            v=1; a=rsa-sha256; d=example.com; s=r; bh=?; b=?                                      | PERMERROR | h=
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; b=?                                    | PERMERROR | bh=
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=?                                   | PERMERROR | b=
            v=1; a=rsa-sha256; d=example.com; s=r; h=to:subject; bh=?; b=?                        | PERMERROR | From
            v=1; a=rsa-sha256; d=example.com; s=r; h=from::to; bh=?; b=?                          | PERMERROR | field
            v=1; a=rsa-sha256; d=com; s=r; h=from; bh=?; b=?                                      | PERMERROR | domain
            v=1; a=rsa-sha256; d=exa mple..com; s=r; h=from; bh=?; b=?                            | PERMERROR | domain
            v=1; a=rsa-sha1; d=example.com; s=r; h=from; bh=?; b=?                                | PERMERROR | obsolete
            v=1; a=rsa-md5; d=example.com; s=r; h=from; bh=?; b=?                                 | PERMERROR | unknown
            v=1; a=ed25519-sha256; d=example.com; s=r; h=from; bh=?; b=?                          | PERMERROR | not for
            v=1; a=rsa-sha256; c=nowsp; d=example.com; s=r; h=from; bh=?; b=?                     | PERMERROR | canonic
            v=1; a=rsa-sha256; c=simple/simple/simple; d=example.com; s=r; h=from; bh=?; b=?      | PERMERROR | canonic
            v=1; a=rsa-sha256; q=http; d=example.com; s=r; h=from; bh=?; b=?                      | PERMERROR | way
            v=1; a=rsa-sha256; q=http:dns/txt; d=example.com; s=r; h=from; bh=?; b=?              | PASS      | ''
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=AAAA; b=?                           | PERMERROR | size
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=$$$                            | PERMERROR | base64
            v=1; a=rsa-sha256; d=example.com; s=r; h=from; bh=?; b=AAAA                           | FAIL      | header
            v=1; a=rsa-sha256; d=example.com; s=o; h=from; bh=?; b=?                              | FAIL      | header
            v=1; a=rsa-sha256; d=example.com; s=none; h=from; bh=?; b=?                           | PERMERROR | no key
            v=1; a=rsa-sha256; d=example.com; s=fail; h=from; bh=?; b=?                           | TEMPERROR | failure
            v=1; a=rsa-sha256; d=example.com; s=slow; h=from; bh=?; b=?                           | TEMPERROR | in time
            v=1; a=rsa-sha256; d=example.com; s=bogus; h=from; bh=?; b=?                          | TEMPERROR | bogus
            """;

    private static final String ZONE = published("r", SignedMail.RSA, "") + published("o", SignedMail.OTHER_RSA, "")
            + published("e", SignedMail.ED25519, "") + published("small", SignedMail.SMALL_RSA, "")
            + "$SERVFAIL fail._domainkey.example.com\n$TIMEOUT slow._domainkey.example.com\n$BOGUS bogus._domainkey.example.com\n";

    private static DkimResult only(String message, String zone) {
        List<DkimResult> results = verify(message, new ZoneText(zone));
        assertThat(results).hasSize(1);
        return results.getFirst();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = TAGS)
    void signatures(String tags, DkimVerdict verdict, String reason) {
        DkimResult result = only(signWith(tags, MESSAGE, SignedMail.RSA), ZONE);
        assertThat(result.verdict()).as(result.reason()).isEqualTo(verdict);
        assertThat(result.reason()).contains(reason);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            v=DKIM1; k=rsa; p=KEY               | PASS      | ''
            p=KEY                               | PASS      | ''
            v=DKIM1; p=KEY; n=a note; x=y;      | PASS      | ''
            v=DKIM1; h=sha1:sha256; p=KEY       | PASS      | ''
            v=DKIM1; h=sha1; p=KEY              | PERMERROR | not for
            v=DKIM1; s=email; p=KEY             | PASS      | ''
            v=DKIM1; s=*; p=KEY                 | PASS      | ''
            v=DKIM1; s=tlsrpt; p=KEY            | PERMERROR | not for mail
            v=DKIM1; t=y:s; p=KEY               | PASS      | ''
            v=DKIM1; k=ed25519; p=KEY           | PERMERROR | not for
            v=DKIM1; k=future; p=KEY            | PERMERROR | not for
            v=DKIM1; p=                         | PERMERROR | revoked
            v=DKIM1;                            | PERMERROR | p=
            v=DKIM2; p=KEY                      | PERMERROR | version
            p=KEY; v=DKIM1                      | PERMERROR | version
            v=DKIM1; p=AAAA                     | PERMERROR | no rsa key
            v=DKIM1; p=KEY; p=KEY               | PERMERROR | twice
            some text                           | PERMERROR | tag
            """)
    void keyRecords(String text, DkimVerdict verdict, String reason) {
        String key = Base64.getEncoder().encodeToString(SignedMail.RSA.getPublic().getEncoded());
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=?; b=?", MESSAGE, SignedMail.RSA);
        DkimResult result = only(message, record("k", text.replace("KEY", key)));
        assertThat(result.verdict()).as(result.reason()).isEqualTo(verdict);
        assertThat(result.reason()).contains(reason);
    }

    @Test
    void theOlderFormOfRsaKeysIsTaken() {
        RSAPublicKey key = (RSAPublicKey) SignedMail.RSA.getPublic();
        byte[] spki = key.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(spki, 24, spki.length);
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=?; b=?", MESSAGE, SignedMail.RSA);
        assertThat(only(message, record("k", "p=" + Base64.getEncoder().encodeToString(pkcs1))).verdict()).isEqualTo(DkimVerdict.PASS);
    }

    @Test
    void smallRsaKeysAreRefused() {
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=small; h=from; bh=?; b=?", MESSAGE, SignedMail.SMALL_RSA);
        assertThat(only(message, ZONE).verdict()).isEqualTo(DkimVerdict.PERMERROR);
        assertThat(only(message, ZONE).reason()).contains("768 bits");
    }

    @Test
    void ed25519SignaturesPass() {
        String message = signWith("v=1; a=ed25519-sha256; d=example.com; s=e; h=from; bh=?; b=?", MESSAGE, SignedMail.ED25519);
        assertThat(only(message, ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
    }

    @Test
    void keysForTheDomainAloneRefuseSubdomains() {
        String zone = published("strict", SignedMail.RSA, "t=s; ");
        String tags = "v=1; a=rsa-sha256; d=example.com; s=strict; h=from; bh=?; b=?; i=@";
        assertThat(only(signWith(tags + "example.com", MESSAGE, SignedMail.RSA), zone).verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(only(signWith(tags + "sub.example.com", MESSAGE, SignedMail.RSA), zone).verdict()).isEqualTo(DkimVerdict.FAIL);
    }

    @Test
    void testingIsTold() {
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=test; h=from; bh=?; b=?", MESSAGE, SignedMail.RSA);
        assertThat(only(message, published("test", SignedMail.RSA, "t=y; ")).testing()).isTrue();
        assertThat(only(message, published("test", SignedMail.RSA, "")).testing()).isFalse();
    }

    @Test
    void aSecondKeyRecordMayBeTheRightOne() {
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=two; h=from; bh=?; b=?", MESSAGE, SignedMail.RSA);
        String zone = record("two", "junk") + published("two", SignedMail.OTHER_RSA, "") + published("two", SignedMail.RSA, "");
        assertThat(only(message, zone).verdict()).isEqualTo(DkimVerdict.PASS);
    }

    @Test
    void whatFollowsTheLengthIsTold() {
        String message = signWith("v=1; a=rsa-sha256; d=example.com; s=r; h=from; l=5; bh=?; b=?", MESSAGE, SignedMail.RSA);
        DkimResult result = only(message + "and more\r\n", ZONE);
        assertThat(result.verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(result.unsignedOctets()).isGreaterThan(10);
    }

    @Test
    void severalSignaturesAreJudgedEach() {
        String message = sign(sign(MESSAGE, key("r", SignedMail.RSA), SigningOptions.DEFAULTS), key("e", SignedMail.ED25519),
                SigningOptions.DEFAULTS);
        assertThat(verify(message, new ZoneText(ZONE))).extracting(DkimResult::verdict)
                .containsExactly(DkimVerdict.PASS, DkimVerdict.PASS);
        List<DkimResult> mixed = verify("DKIM-Signature: v=1; broken\r\n" + message, new ZoneText(ZONE));
        assertThat(mixed).hasSize(3);
        assertThat(DkimResult.overall(mixed)).isEqualTo(DkimVerdict.PASS);
        assertThat(DkimResult.overall(verify(MESSAGE, new ZoneText(ZONE)))).isEqualTo(DkimVerdict.NONE);
    }

    @Test
    void tooManySignaturesAreNotLookedAt() {
        ZoneText zone = new ZoneText(ZONE);
        String message = sign(MESSAGE, key("r", SignedMail.RSA), SigningOptions.DEFAULTS);
        String field = message.substring(0, message.length() - MESSAGE.length());
        List<DkimResult> results = verify(field.repeat(12) + MESSAGE, zone);
        assertThat(results).extracting(DkimResult::verdict).filteredOn(DkimVerdict.PASS::equals).hasSize(10);
        assertThat(results.getLast().reason()).contains("more than 10");
    }

    @Test
    void aFieldAddedToASealedHeaderFails() {
        String message = sign(MESSAGE, key("r", SignedMail.RSA), SigningOptions.DEFAULTS);
        assertThat(only("Reply-To: eve@example.org\r\n" + message, ZONE).verdict()).isEqualTo(DkimVerdict.FAIL);
        assertThat(only("Received: from b\r\n" + message, ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
    }

    @Test
    void repeatedFieldsAreTakenFromTheBottom() {
        String message = MESSAGE.replace("Received: from a\r\n", "Received: A\r\nReceived: B\r\nReceived: C\r\n");
        String signed = signWith("v=1; a=rsa-sha256; d=example.com; s=r; h=from:received:received; bh=?; b=?", message, SignedMail.RSA);
        assertThat(only(signed, ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(only(signed.replace("Received: A", "Received: X"), ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(only(signed.replace("Received: B", "Received: X"), ZONE).verdict()).isEqualTo(DkimVerdict.FAIL);
    }

    @Test
    void anotherSignatureMayBeSigned() {
        String first = sign(MESSAGE, key("e", SignedMail.ED25519), SigningOptions.DEFAULTS);
        String both = signWith("v=1; a=rsa-sha256; d=example.com; s=r; h=from:dkim-signature; bh=?; b=?", first, SignedMail.RSA);
        assertThat(verify(both, new ZoneText(ZONE))).extracting(DkimResult::verdict).containsExactly(DkimVerdict.PASS, DkimVerdict.PASS);
        assertThat(verify(both.replace("a=ed25519", "a= ed25519"), new ZoneText(ZONE)).getFirst().verdict()).isEqualTo(DkimVerdict.FAIL);
    }

    @Test
    void relaxedSignaturesSurviveFoldingAndSimpleOnesDoNot() {
        SigningOptions simple = new SigningOptions(Canonicalization.SIMPLE, Canonicalization.SIMPLE, List.of("from", "subject"),
                Optional.empty(), Optional.empty());
        String relaxed = sign(MESSAGE, key("r", SignedMail.RSA), SigningOptions.DEFAULTS);
        String strict = sign(MESSAGE, key("r", SignedMail.RSA), simple);
        assertThat(only(relaxed.replace("Subject: Hello\r\n world", "SUBJECT:Hello world"), ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(only(strict, ZONE).verdict()).isEqualTo(DkimVerdict.PASS);
        assertThat(only(strict.replace("Subject: Hello\r\n world", "Subject: Hello world"), ZONE).verdict()).isEqualTo(DkimVerdict.FAIL);
    }

    @Test
    void aHeaderTooLargeIsNotJudged() {
        String message = sign(MESSAGE, key("r", SignedMail.RSA), SigningOptions.DEFAULTS);
        String filler = ("X-Filler: " + "x".repeat(900) + "\r\n").repeat(1_300);
        assertThat(only(message.replace("Received: from a\r\n", filler), ZONE).reason()).contains("too large");
    }
}
