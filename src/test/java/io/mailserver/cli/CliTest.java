package io.mailserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CliTest {
    private final FakeApplication application = new FakeApplication();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            domain add example.com                         | domain.add {"domain":"example.com"}
            domain list                                    | domain.list {}
            domain catch-all example.com a@example.com     | domain.catch-all {"domain":"example.com","target":"a@example.com"}
            domain catch-all example.com                   | domain.catch-all {"domain":"example.com"}
            account list                                   | account.list {}
            account list example.com                       | account.list {"domain":"example.com"}
            account add a@b.c --random --quota 2G          | account.add {"address":"a@b.c","quotaBytes":2147483648,"random":true}
            account add a@b.c --messages 10 --random       | account.add {"address":"a@b.c","quotaMessages":10,"random":true}
            account passwd a@b.c --random --label phone    | account.passwd {"address":"a@b.c","label":"phone","random":true}
            account passwd-remove a@b.c phone              | account.passwd-remove {"address":"a@b.c","label":"phone"}
            account quota a@b.c --bytes 500MiB             | account.quota {"address":"a@b.c","bytes":524288000}
            account quota a@b.c --bytes none --messages 7  | account.quota {"address":"a@b.c","bytes":0,"messages":7}
            device list a@b.c                              | device.list {"address":"a@b.c"}
            device revoke a@b.c 7                          | device.revoke {"address":"a@b.c","id":"7"}
            account unlock a@b.c                           | account.unlock {"address":"a@b.c"}
            account unlock --ip 2001:db8::1                | account.unlock {"ip":"2001:db8::1"}
            account remove a@b.c                           | account.remove {"address":"a@b.c"}
            account removed                                | account.removed {}
            alias add x@b.c a@b.c b@b.c                    | alias.add {"address":"x@b.c","targets":["a@b.c","b@b.c"]}
            alias set x@b.c a@b.c                          | alias.set {"address":"x@b.c","targets":["a@b.c"]}
            alias disable x@b.c                            | alias.disable {"address":"x@b.c"}
            dkim list                                      | dkim.list {}
            dkim show example.com                          | dkim.show {"domain":"example.com"}
            dkim rotate example.com                        | dkim.rotate {"domain":"example.com"}
            dns example.com                                | dns.records {"domain":"example.com"}
            status                                         | status {}
            reload                                         | reload {}
            trace on --ip 192.0.2.1 --for 10m              | trace.on {"ip":"192.0.2.1","seconds":600}
            trace off --account a@b.c                      | trace.off {"account":"a@b.c"}
            trace list                                     | trace.list {}
            """)
    void wordsBecomeOneOperation(String words, String operation) {
        assertThat(run(FakeTerminal.piped(""), words)).isZero();
        assertThat(application.asked).containsExactly("connect - - {}", operation, "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--data /d --config c.yml --set a.b=1 --set c=d=e domain list",
        "domain --data /d list --config c.yml --set a.b=1 --set c=d=e",
        "domain list --data=/d --set a.b=1 --set c=d=e --config=c.yml",
    })
    void theCommonOptionsStandAnywhere(String words) {
        assertThat(run(FakeTerminal.piped(""), words)).isZero();
        assertThat(application.asked).first().isEqualTo("connect /d c.yml {a.b=1, c=d=e}");
    }

    @Test
    void optionsOfStartOutrankSets() {
        run(FakeTerminal.piped(""), "start --domain example.com --ports high --set ports=standard --set smtp.x=1 --log json");
        assertThat(application.asked).hasSize(1);
        assertThat(application.asked.getFirst())
                .startsWith("start example.com {")
                .contains("ports=high", "smtp.x=1", "log.format=json");
    }

    @Test
    void stopWaitsForTheEnd() {
        assertThat(run(FakeTerminal.piped(""), "stop")).isZero();
        assertThat(application.asked).containsExactly("connect - - {}", "stop {}", "await end", "close");
    }

    @ParameterizedTest
    @CsvSource({"secret word", "secret word\\n", "secret word\\r\\n", "secret word\\nmore lines\\n"})
    void aPipedPasswordIsTheFirstLine(String piped) {
        FakeTerminal terminal = FakeTerminal.piped(piped.replace("\\n", "\n").replace("\\r", "\r"));
        assertThat(run(terminal, "account add a@b.c")).isZero();
        assertThat(application.asked).contains("account.add {\"address\":\"a@b.c\",\"password\":\"secret word\"}");
    }

    @Test
    void aTypedPasswordIsTypedTwice() {
        assertThat(run(FakeTerminal.typed("secret word", "secret word"), "account passwd a@b.c")).isZero();
        assertThat(application.asked).contains("account.passwd {\"address\":\"a@b.c\",\"password\":\"secret word\"}");
    }

    @Test
    void twoPasswordsThatDifferChangeNothing() {
        FakeTerminal terminal = FakeTerminal.typed("secret word", "secret wrod");
        assertThat(run(terminal, "account passwd a@b.c")).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("mailserver: the two passwords differ\n  nothing was changed; try again\n");
        assertThat(application.asked).isEmpty();
    }

    @Test
    void noPasswordAtAllIsRefused() {
        assertThat(run(FakeTerminal.piped(""), "account add a@b.c")).isEqualTo(1);
        assertThat(run(FakeTerminal.piped("\n"), "account add a@b.c")).isEqualTo(1);
        assertThat(run(FakeTerminal.piped(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'}), "account add a@b.c")).isEqualTo(1);
        assertThat(run(FakeTerminal.typed(), "account add a@b.c")).isEqualTo(1);
        assertThat(application.asked).isEmpty();
    }

    @Test
    void aPasswordIsNoArgument() {
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(run(terminal, "account add a@b.c secretword")).isEqualTo(2);
        assertThat(run(terminal, "account add a@b.c --password secretword")).isEqualTo(2);
        assertThat(application.asked).isEmpty();
    }

    @Test
    void linesGoToStandardOutput() {
        application.outcome = new Outcome(true, List.of("one", "two"), JsonNodeFactory.instance.nullNode(), "");
        FakeTerminal terminal = FakeTerminal.piped("");
        run(terminal, "status");
        assertThat(terminal.out()).isEqualTo("one\ntwo\n");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void jsonIsAllThereIs() {
        application.outcome =
                new Outcome(true, List.of("one"), JsonNodeFactory.instance.objectNode().put("x", 1), "");
        FakeTerminal terminal = FakeTerminal.piped("");
        run(terminal, "status --json");
        assertThat(terminal.out()).isEqualToNormalizingWhitespace("{ \"x\" : 1 }");
    }

    @Test
    void aRefusalIsOneLineAndAHint() {
        application.outcome = new Outcome(false, List.of("it is taken"), JsonNodeFactory.instance.nullNode(), "choose another");
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(run(terminal, "domain add example.com --json")).isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isEqualTo("mailserver: it is taken\n  choose another\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                          | "nonsense" is not understood here
            domain                            | a command is missing
            account lst                       | "lst" is not understood here
            domain add                        | Missing required parameter: 'DOMAIN'
            alias add x@b.c                   | Missing required parameter: 'TARGET'
            domain list --dta x               | "--dta" is not understood here
            account quota a@b.c --bytes 3X    | --bytes 3X is not a size such as 500M or 2G, or none
            account quota a@b.c --messages 3K | --messages 3K is not a whole number
            trace on --for 5y                 | --for 5y is not a time such as 30s, 10m, 2h or 1d
            status --set x                    | --set x is not KEY=VALUE
            help nonsense                     | there is no command "nonsense"
            """)
    void whatIsNotUnderstoodIsSaid(String words, String reason) {
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(run(terminal, words)).isEqualTo(2);
        assertThat(terminal.err()).contains("mailserver: " + reason);
        assertThat(application.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"help account add", "account add --help", "account add -h"})
    void helpSaysHowACommandIsUsed(String words) {
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(run(terminal, words)).isZero();
        assertThat(terminal.out()).contains("account add [OPTIONS] ADDRESS", "--random", "--data=FOLDER");
    }

    @Test
    void theMachineIsPreparedThroughTheApplication() {
        FakeTerminal terminal = FakeTerminal.piped("");
        run(terminal, "install --root /tmp/image");
        run(terminal, "uninstall");
        run(terminal, "firewall --set ports=high");
        run(terminal, "version");
        assertThat(terminal.out())
                .isEqualTo("installed below /tmp/image\nuninstalled below /\nrules for {ports=high}\nmailserver 1.2.3\n");
    }

    private int run(FakeTerminal terminal, String words) {
        return new Cli(application, terminal.terminal()).run(words.split(" ", -1));
    }
}
