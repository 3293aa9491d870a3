package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailserver.base.OperatorException;
import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    @TempDir
    private Path folder;

    @Test
    void defaultsAreThoseOfTheStandards() {
        Config config = Config.defaults();

        assertThat(config.smtp().maxMessageSize()).isEqualTo(ByteSize.ofMebibytes(50));
        assertThat(config.smtp().maxRecipients()).isEqualTo(100);
        assertThat(config.smtp().commandTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.limits().connectionsPerAddress()).isEqualTo(100);
        assertThat(config.auth().requireTls()).isTrue();
        assertThat(config.log()).isEqualTo(new LogConfig(LogFormat.CONSOLE, Level.NOTICE));
        assertThat(config.listeners()).extracting(ListenerConfig::port).containsExactly(25, 587, 465, 143, 993, 110, 995, 443, 9025, 80);
        assertThat(config.listeners()).filteredOn(each -> each.address().isLoopbackAddress()).extracting(ListenerConfig::port)
                .containsExactly(9025);
    }

    @Test
    void highPortsNeedNoRoot() {
        assertThat(ConfigLoader.of(Map.of("ports", "high")).listeners()).extracting(ListenerConfig::port)
                .containsExactly(2525, 2587, 2465, 2143, 2993, 2110, 2995, 8443, 8080);
    }

    @Test
    void everyTypeOfValueIsRead() {
        Config config = load("""
                hostname: Mail.Example.COM
                data: store
                listeners:
                  - service: smtp
                    port: 0
                    address: "::1"
                    proxy-from: [192.0.2.0/24, "2001:db8::/32"]
                  - {service: submissions, port: 1465, require-tls: true}
                tls:
                  certificates:
                    - chain: tls/full.pem
                      key: /etc/key.pem
                  require-from: [partner.example]
                smtp:
                  max-message-size: 1 GiB
                  command-timeout: 1m30s
                log:
                  format: json
                """);

        assertThat(config.hostname()).hasToString("Optional[mail.example.com]");
        assertThat(config.data()).contains(folder.resolve("store"));
        assertThat(config.listeners()).hasSize(2);
        assertThat(config.listeners().getFirst().tls()).isEqualTo(ListenerConfig.Tls.STARTTLS);
        assertThat(config.listeners().getFirst().proxyFrom()).hasSize(2);
        assertThat(config.listeners().getLast().tls()).isEqualTo(ListenerConfig.Tls.IMPLICIT);
        assertThat(config.listeners().getLast().name()).isEqualTo("submissions:1465");
        assertThat(config.tls().certificates())
                .containsExactly(new TlsConfig.Certificate(folder.resolve("tls/full.pem"), Path.of("/etc/key.pem")));
        assertThat(config.smtp().maxMessageSize().octets()).isEqualTo(1L << 30);
        assertThat(config.smtp().commandTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.log().format()).isEqualTo(LogFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only comments\n", "---\n", "smtp:\n", "smtp:\n  max-recipients:\n", "smtp: ~\n", "{}", "\ufeffsmtp:\n"})
    void nothingMeansTheDefaults(String text) {
        assertThat(load(text)).isEqualTo(Config.defaults());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            smpt:                                  | 1:1: unknown key "smpt"; did you mean smtp?
            smtp: {max-recipient: 3}               | 1:8: unknown key "smtp.max-recipient"; did you mean max-recipients?
            max-recipients: 3                      | 1:1: unknown key "max-recipients"; did you mean smtp.max-recipients?
            smtp: {max-recipients: many}           | 1:24: smtp.max-recipients: not a whole number: "many"; write digits only
            smtp: {max-recipients: 1.5}            | 1:24: smtp.max-recipients: not a whole number: "1.5"; write digits only
            smtp: {max-recipients: 0}              | 1:24: smtp.max-recipients: too small; the least is 1
            smtp: {max-recipients: 100001}         | 1:24: smtp.max-recipients: too large; the most is 100000
            smtp: {max-recipients: 99999999999}    | 1:24: smtp.max-recipients: not a whole number: "99999999999"
            smtp: {max-recipients: [3]}            | 1:24: smtp.max-recipients is one value
            smtp: {max-message-size: 50MB}         | 1:26: smtp.max-message-size: not a size: "50MB"; units are powers of 1024
            smtp: {max-message-size: 9999999TiB}   | 1:26: smtp.max-message-size: size too large
            smtp: {command-timeout: 5}             | 1:25: smtp.command-timeout: not a duration: "5"; write a number with ms, s, m, h or d
            smtp: {xclient-from: [10.0.0.1/8]}     | 1:23: smtp.xclient-from[0]: not a network: "10.0.0.1/8"
            smtp: {xclient-from: 10.0.0.1}         | 1:22: smtp.xclient-from is a list; write [a, b]
            smtp: 5                                | 1:7: smtp holds keys, not a value; write key: value lines below smtp:
            [1, 2]                                 | 1:1: the configuration holds keys, not a value
            ports: medium                          | 1:8: ports: unknown word "medium"; write standard or high
            hostname: not_a_name                   | 1:11: hostname: not a domain name: "not_a_name"
            auth: {require-tls: yes}               | 1:21: auth.require-tls: neither true nor false: "yes"; write true or false
            listeners: [{service: smtp}]           | 1:13: the key listeners[0].port is missing
            listeners: [{service: smtp, port: 65536}] | 1:35: listeners[0].port: too large; the most is 65535
            listeners: [{service: smtp, port: 25, address: localhost}] | not an address: "localhost"
            listeners: [{service: http, port: 80, tls: starttls}] | 1:13: http is in plain; for TLS set service to https
            listeners: [{service: lmtp, port: 24, require-tls: true}] | 1:13: this listener requires TLS and offers none
            listeners: [{service: smtp, port: 25}, {service: lmtp, port: 25}] | 1:1: two listeners use port 25 of the same address
            """)
    void eachMistakeIsToldWithItsPlaceAndWhatToDo(String text, String expected) {
        assertThat(problems(text)).startsWith(folder.resolve("config.yml") + ":").contains(expected);
    }

    @Test
    void theLineIsThatOfTheMistake() {
        assertThat(problems("# a comment\nsmtp:\n  max-recipients: 5\n\n  max-errors: -1\n"))
                .contains("config.yml:5:15: smtp.max-errors: too small");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThat(problems("smtp:\n  max-recipients: x\n  maxerrors: 3\nlogs:\n").lines())
                .hasSize(3);
    }

    @Test
    void thousandsOfMistakesAreNotAllTold() {
        assertThat(problems(manyKeys(5000))).contains("more problems").hasLineCount(21);
    }

    @Test
    void aKeyGivenTwiceIsAMistake() {
        assertThat(problems("smtp:\n  max-errors: 3\n  max-errors: 4\n"))
                .contains("config.yml:3:3: the key \"max-errors\" is there twice; it was given before at ").contains("config.yml:2:3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: &x 1                | anchors
            a: *x                  | aliases
            a: !!binary aGk=       | tags
            a: !x {}               | tags
            {[1]: 2}               | a key must be a word
            'smtp: {max-errors: 3' | not valid YAML
            """)
    void whatHidesTheMeaningOfAFileIsRefused(String text, String expected) {
        assertThat(problems(text)).contains(expected);
    }

    @Test
    void tabsAndSecondDocumentsAreRefusedWithTheirLine() {
        assertThat(problems("smtp:\n\tmax-errors: 3\n")).contains("config.yml:2:").contains("not valid YAML");
        assertThat(problems("ports: high\n---\nports: standard\n")).contains("config.yml:3:1: a second document");
        assertThat(problems("smtp:\n  max-errors: \"\\u")).contains("config.yml:2:3: not valid YAML from here on");
        assertThat(problems("smtp: \"\\u12\"\n\n")).contains("config.yml:1:10: not valid YAML").hasLineCount(1);
        assertThat(problems("ports: \u0001\n")).contains("config.yml:1:8: a character that YAML does not allow");
    }

    @Test
    void manyAliasesCannotMakeAFileHuge() {
        assertThat(problems("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n")).contains("aliases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "a:\n "})
    void deepNestingIsRefusedWithoutOverflow(String opening) {
        String deep = opening.startsWith("a") ? deepBlock(5000) : opening.repeat(100_000);
        assertThat(problems(deep)).isNotEmpty();
    }

    @Test
    void aHugeFileIsRefused() {
        assertThat(problems("#" + "x".repeat(YamlReader.MAX_CHARS))).contains("longer than");
    }

    @Test
    void aMissingFileAFolderAndOtherEncodingsAreToldApart() throws IOException {
        assertThat(failure(() -> ConfigLoader.load(folder.resolve("none.yml"), Map.of()))).hasMessageContaining("does not exist");
        assertThat(failure(() -> ConfigLoader.load(folder, Map.of()))).hasMessageContaining("is a folder");
        Path latin1 = Files.write(folder.resolve("latin1.yml"), "# \u00fc".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(failure(() -> ConfigLoader.load(latin1, Map.of()))).hasMessageContaining("not UTF-8");
    }

    @Test
    void setsGoBeforeTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yml"), "smtp:\n  max-recipients: 5\n  max-errors: 6\n");

        Config config = ConfigLoader.load(file, Map.of("smtp.max-recipients", "7", "data", "elsewhere"));

        assertThat(config.smtp().maxRecipients()).isEqualTo(7);
        assertThat(config.smtp().maxErrors()).isEqualTo(6);
        assertThat(config.data()).contains(Path.of("elsewhere"));
    }

    @Test
    void setsTakeListsAndSectionsInFlowForm() {
        Config config = ConfigLoader.of(Map.of(
                "listeners", "[{service: smtp, port: 0}, {service: lmtp, port: 0, label: inner}]",
                "log", "{format: json, level: info}",
                "smtp.xclient-from", "[127.0.0.1]"));

        assertThat(config.listeners()).extracting(ListenerConfig::name).containsExactly("smtp:0", "inner");
        assertThat(config.log()).isEqualTo(new LogConfig(LogFormat.JSON, Level.INFO));
        assertThat(config.smtp().xclientFrom()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            smtp.max-recipents | 3     | --set smtp.max-recipents: unknown key; did you mean smtp.max-recipients?
            smtp.max-errors    | x     | --set smtp.max-errors: smtp.max-errors: not a whole number
            listeners          | [     | --set listeners: not valid YAML
            listeners          | smtp  | --set listeners: listeners is a list
            smtp               | 3     | --set smtp: smtp holds keys
            nonsense           | 3     | --set nonsense: unknown key; docs/configuration.md lists every key
            """)
    void mistakesInSetsNameTheSet(String key, String value, String expected) {
        assertThat(failure(() -> ConfigLoader.of(Map.of(key, value)))).hasMessageStartingWith(expected);
    }

    @Test
    void aSetMendsAMistakeOfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yml"), "smtp:\n  max-recipients: x\n");

        assertThat(ConfigLoader.load(file, Map.of("smtp.max-recipients", "7")).smtp().maxRecipients()).isEqualTo(7);
    }

    @Test
    void changesAreNamedAndThoseThatNeedARestartToo() {
        Config before = Config.defaults();
        Config after = ConfigLoader.of(Map.of("smtp.max-errors", "5", "ports", "high", "log.level", "info"));

        assertThat(Config.changes(before, after)).containsExactly("ports", "listeners", "smtp.max-errors", "log.level");
        assertThat(Config.diffNeedingRestart(before, after)).containsExactly("ports", "listeners");
        assertThat(Config.changes(before, Config.defaults())).isEmpty();
    }

    @Test
    void controlsInAFileDoNotReachTheMessage() {
        assertThat(problems("\"a\\e[2J\\n\": 1")).doesNotContain("\u001b").hasLineCount(1);
    }

    private static String manyKeys(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("k").append(i).append(": 1\n");
        }
        return text.toString();
    }

    private static String deepBlock(int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth && text.length() < YamlReader.MAX_CHARS / 2; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }

    private Config load(String text) {
        try {
            return ConfigLoader.load(Files.writeString(folder.resolve("config.yml"), text), new LinkedHashMap<>());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String problems(String text) {
        return String.valueOf(failure(() -> load(text)).getMessage());
    }

    private static OperatorException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        OperatorException failure = catchThrowableOfType(OperatorException.class, call);
        assertThat(failure).isNotNull();
        assertThat(List.of(failure.hint())).doesNotContain("");
        return failure;
    }

    @Test
    void listOfOneValueNeedsNoBracketsOnTheCommandLine() {
        assertThat(ConfigLoader.of(Map.of("imap.plaintext-login-from", "127.0.0.0/8")).imap().plaintextLoginFrom())
                .hasToString("[127.0.0.0/8]");
    }
}
