package io.mailserver.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtpclient.TlsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MtaStsTest {
    private static final Domain DOMAIN = new Domain("example.net");
    private static final String ENFORCE = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.net\r\nmax_age: 864000\r\n";

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool pool = new PlatformPool("files", 1, 100);
    private final ZoneText zone = new ZoneText("_mta-sts.example.net. TXT \"v=STSv1; id=1;\"");
    private Optional<String> served = Optional.of(ENFORCE);
    private int fetched;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aPolicyInForceSurvivesARestartAndAPowerCut() throws IOException {
        assertThat(fresh(disk.root()).policy(DOMAIN).policy()).isPresent();
        served = Optional.empty();
        ZoneText silent = new ZoneText("$SERVFAIL example.net");
        Path after = disk.restart().root();
        MtaSts restarted = new MtaSts(silent, domain -> served(), new PolicyFolder(after.resolve("mta-sts"), pool, log), time, log);
        assertThat(restarted.policy(DOMAIN).policy()).as("nobody answers").contains(Policy.parse(ENFORCE).orElseThrow());
        time.advance(Duration.ofDays(11));
        assertThat(restarted.policy(DOMAIN).policy()).as("it is over").isEmpty();
    }

    @Test
    void aPolicyIsFetchedAgainLongBeforeItIsOver() {
        MtaSts policies = fresh(disk.root());
        policies.policy(DOMAIN);
        time.advance(Duration.ofDays(4));
        policies.policy(DOMAIN);
        assertThat(fetched).as("the same id, not half of its time").isEqualTo(1);
        time.advance(Duration.ofDays(2));
        policies.policy(DOMAIN);
        assertThat(fetched).isEqualTo(2);
        served = Optional.empty();
        time.advance(Duration.ofDays(9));
        assertThat(policies.policy(DOMAIN).policy()).as("good for ten days more").isPresent();
        assertThat(fetched).as("tried in vain").isEqualTo(3);
    }

    @Test
    void aNewPolicyTakesThePlaceOfTheOld() {
        fresh(disk.root()).policy(DOMAIN);
        zone.add("_mta-sts.example.net. TXT \"v=STSv1; id=2;\"");
        served = Optional.of(ENFORCE.replace("enforce", "none"));
        ZoneText changed = new ZoneText("_mta-sts.example.net. TXT \"v=STSv1; id=2;\"");
        MtaSts restarted = new MtaSts(changed, domain -> served(), folder(disk.root()), time, log);
        assertThat(restarted.policy(DOMAIN).policy().orElseThrow().mode()).isEqualTo(Policy.Mode.NONE);
        MtaSts again = new MtaSts(changed, domain -> {
            throw new PolicyException(TlsFailure.STS_POLICY_FETCH_ERROR, "nobody answers");
        }, folder(disk.root()), time, log);
        assertThat(again.policy(DOMAIN).policy().orElseThrow().mode()).isEqualTo(Policy.Mode.NONE);
    }

    @Test
    void aPolicyThatCannotBeHadIsTroubleUntilThereIsOne() {
        MtaSts policies = fresh(disk.root());
        served = Optional.empty();
        assertThat(policies.policy(DOMAIN)).isEqualTo(new MtaSts.Finding(
                Optional.empty(), Optional.of(new TlsFailure.Found(TlsFailure.STS_POLICY_FETCH_ERROR, "nobody answers"))));
        served = Optional.of("version: STSv1\r\nmode: strict\r\n");
        assertThat(policies.policy(DOMAIN).trouble()).as("not asked again for five minutes").map(TlsFailure.Found::failure)
                .contains(TlsFailure.STS_POLICY_FETCH_ERROR);
        time.advance(Duration.ofMinutes(5));
        assertThat(policies.policy(DOMAIN).trouble()).map(TlsFailure.Found::failure).contains(TlsFailure.STS_POLICY_INVALID);
        served = Optional.of(ENFORCE);
        time.advance(Duration.ofMinutes(5));
        assertThat(policies.policy(DOMAIN).trouble()).isEmpty();
        assertThat(policies.policy(DOMAIN).policy()).isPresent();
    }

    @Test
    void whatIsNoPolicyOrOverIsRemoved() throws IOException {
        fresh(disk.root()).policy(DOMAIN);
        Path folder = disk.root().resolve("mta-sts");
        Files.writeString(folder.resolve("broken.example"), "what?");
        assertThat(folder(disk.root()).read(new Domain("broken.example"))).isEmpty();
        folder(disk.root()).prune(time.now());
        assertThat(folder.resolve("broken.example")).doesNotExist();
        assertThat(folder.resolve("example.net")).exists();
        folder(disk.root()).prune(time.now().plus(Duration.ofDays(11)));
        assertThat(folder.resolve("example.net")).doesNotExist();
    }

    private MtaSts fresh(Path root) {
        return new MtaSts(zone, domain -> {
            fetched++;
            return served();
        }, folder(root), time, log);
    }

    private String served() throws PolicyException {
        return served.orElseThrow(() -> new PolicyException(TlsFailure.STS_POLICY_FETCH_ERROR, "nobody answers"));
    }

    private PolicyFolder folder(Path root) {
        return new PolicyFolder(root.resolve("mta-sts"), pool, log);
    }
}
