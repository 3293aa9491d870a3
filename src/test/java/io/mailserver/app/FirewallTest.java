package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.config.Config;
import io.mailserver.config.ListenerConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirewallTest {
    @Test
    void opensTheListenersThatOthersReach() {
        assertThat(Firewall.rules(Config.defaults().listeners())).contains(
                "nft add rule inet filter input tcp dport 25 accept comment '\"SMTP inbound\"'",
                "nft add rule inet filter input tcp dport 587 accept comment '\"SMTP submission\"'",
                "ufw allow proto tcp from any to any port 465 comment 'SMTP submissions'");
    }

    @Test
    void keepsLoopbackClosed() {
        assertThat(Firewall.rules(Config.defaults().listeners())).noneMatch(line -> line.contains("9025"));
    }

    @Test
    void opensOneAddressWhereAListenerHasOne() {
        List<String> rules = Firewall.rules(List.of(
                ListenerConfig.of(Map.of("service", "smtp", "port", "25", "address", "192.0.2.1")),
                ListenerConfig.of(Map.of("service", "smtp", "port", "26", "address", "2001:db8::1"))));
        assertThat(rules).contains(
                "nft add rule inet filter input ip daddr 192.0.2.1 tcp dport 25 accept comment '\"SMTP inbound\"'",
                "ufw allow proto tcp from any to 192.0.2.1 port 25 comment 'SMTP inbound'",
                "nft add rule inet filter input ip6 daddr 2001:db8:0:0:0:0:0:1 tcp dport 26 accept comment '\"SMTP inbound\"'");
    }
}
