package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
    @Test
    void defaultsAreThoseOfTheStandards() {
        Config config = Config.defaults();

        assertThat(config.smtp().maxMessageSize()).isEqualTo(ByteSize.ofMebibytes(50));
        assertThat(config.smtp().maxRecipients()).isEqualTo(100);
        assertThat(config.smtp().commandTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.limits().connectionsPerAddress()).isEqualTo(100);
        assertThat(config.auth().requireTls()).isTrue();
        assertThat(config.log()).isEqualTo(new LogConfig(LogFormat.CONSOLE, Level.NOTICE));
        assertThat(config.listeners()).extracting(ListenerConfig::port).containsExactly(25, 587, 465, 9025);
        assertThat(config.listeners().getLast().address().isLoopbackAddress()).isTrue();
    }

    @Test
    void highPortsNeedNoRoot() {
        assertThat(ConfigLoader.of(Map.of("ports", "high")).listeners()).extracting(ListenerConfig::port)
                .containsExactly(2525, 2587, 2465, 8080);
    }
}
