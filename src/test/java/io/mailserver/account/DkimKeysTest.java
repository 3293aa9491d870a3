package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.account.DkimKey.State;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dkim.DkimVerifier;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dkim.SigningKey;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.ZoneText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimKeysTest {
    private static final Domain EXAMPLE = new Domain("example.com");

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    private final RecordingLog log = new RecordingLog();
    private final ZoneText zone = new ZoneText("");
    private AccountSystem accounts;
    private DkimKeys keys;
    private DkimRotation rotation;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        accounts = TestAccounts.open(folder, time, log);
        accounts.domains().add(EXAMPLE);
        keys = accounts.dkimKeys();
        keys.ensure(EXAMPLE);
        rotation = new DkimRotation(accounts, zone, time, log);
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
    }

    @Test
    void aDomainHasOneKeyOfEachAlgorithmAndSignsWithBoth() throws IOException {
        assertThat(keys.list(EXAMPLE)).extracting(DkimKey::algorithm)
                .containsExactly(SigningAlgorithm.RSA_SHA256, SigningAlgorithm.ED25519_SHA256);
        assertThat(keys.list(EXAMPLE)).extracting(key -> key.recordName().text())
                .containsExactly("r20260102._domainkey.example.com", "e20260102._domainkey.example.com");
        assertThat(keys.signing(EXAMPLE)).hasSize(2);
        assertThat(keys.signing(new Domain("elsewhere.example"))).isEmpty();
    }

    @Test
    void whatIsPublishedVerifiesWhatIsSigned() throws IOException {
        publish(keys.list(EXAMPLE));
        String message = SignedMail.MESSAGE;
        for (SigningKey key : keys.signing(EXAMPLE)) {
            message = new DkimSigner(time).sign(SignedMail.stream(message), key, DkimSigner.SigningOptions.DEFAULTS) + message;
        }
        List<DkimResult> results = new DkimVerifier(zone, time, DkimLimits.DEFAULTS).verify(SignedMail.stream(message));
        assertThat(results).hasSize(2).allMatch(result -> result.verdict() == DkimVerdict.PASS);
    }

    @Test
    void newKeysWaitForTheDnsThenTakeOverAndTheOldOnesRetire() throws IOException {
        List<SigningKey> before = keys.signing(EXAMPLE);
        List<DkimKey> made = keys.rotate(EXAMPLE);
        assertThat(made).extracting(key -> key.selector().text()).containsExactly("r20260102-2", "e20260102-2");
        rotation.step();
        assertThat(keys.signing(EXAMPLE)).extracting(SigningKey::selector).isEqualTo(before.stream().map(SigningKey::selector).toList());

        publish(made);
        rotation.step();
        assertThat(keys.signing(EXAMPLE)).extracting(key -> key.selector().text()).containsExactly("r20260102-2", "e20260102-2");
        assertThat(states()).containsExactly(State.RETIRING, State.RETIRING, State.ACTIVE, State.ACTIVE);

        time.advance(DkimRotation.RETIREMENT);
        rotation.step();
        assertThat(states()).containsExactly(State.REMOVED, State.REMOVED, State.ACTIVE, State.ACTIVE);

        time.advance(DkimRotation.SHOWN);
        rotation.step();
        assertThat(states()).containsExactly(State.ACTIVE, State.ACTIVE);
        assertThat(log.events("dkim.activated")).hasSize(2);
        assertThat(log.events("dkim.retired")).hasSize(2);
    }

    @Test
    void anotherKeyUnderTheSelectorIsNotOurs() throws IOException {
        List<DkimKey> made = keys.rotate(EXAMPLE);
        zone.add(made.getFirst().recordName() + " TXT \"v=DKIM1; p=AAAA\"\n");
        rotation.step();
        assertThat(states()).containsExactly(State.ACTIVE, State.ACTIVE, State.PENDING, State.PENDING);
    }

    @Test
    void oneRotationAtATime() throws IOException {
        keys.rotate(EXAMPLE);
        assertThatThrownBy(() -> keys.rotate(EXAMPLE)).isInstanceOf(OperatorException.class).hasMessageContaining("under way");
    }

    @Test
    void domainsOfAnOlderFormatGetTheirKeysInTheBackground() throws IOException {
        accounts.domains().add(new Domain("old.example"));
        rotation.step();
        assertThat(keys.signing(new Domain("old.example"))).hasSize(2);
    }

    @Test
    void keysSurviveAndGoWithTheirDomain() throws IOException {
        String record = keys.list(EXAMPLE).getFirst().record();
        accounts.close();
        accounts = TestAccounts.open(folder, time, log);
        assertThat(accounts.dkimKeys().list(EXAMPLE).getFirst().record()).isEqualTo(record);
        accounts.domains().remove(EXAMPLE);
        accounts.domains().add(EXAMPLE);
        assertThat(accounts.dkimKeys().signing(EXAMPLE)).isEmpty();
    }

    @Test
    void onlyTheOwnerReadsThem() throws IOException {
        assertThat(Files.getPosixFilePermissions(folder.resolve(SystemDatabase.FILE_NAME)))
                .hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(keys.list(EXAMPLE).toString() + keys.signing(EXAMPLE)).doesNotContain("PRIVATE").doesNotContain("MIIE");
    }

    private List<State> states() throws IOException {
        return keys.list(EXAMPLE).stream().map(DkimKey::state).toList();
    }

    private void publish(List<DkimKey> published) {
        for (DkimKey key : published) {
            int half = key.record().length() / 2;
            zone.add(key.recordName() + " TXT \"" + key.record().substring(0, half) + "\" \"" + key.record().substring(half) + "\"\n");
        }
    }
}
