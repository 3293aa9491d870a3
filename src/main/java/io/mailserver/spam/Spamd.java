package io.mailserver.spam;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.net.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SpamAssassin's daemon, asked by SYMBOLS (its PROTOCOL, version 1.5). */
public final class Spamd implements Scanner {
    private static final int MAX_REPLY_OCTETS = 64 << 10;
    private static final Pattern STATUS = Pattern.compile("SPAMD/[0-9.]{1,9} (\\d{1,3}) .*");
    private static final Pattern SCORE = Pattern.compile(
            "(?im)^Spam: *(?:True|False|Yes|No) *; *(-?[0-9.]{1,12}) */ *(-?[0-9.]{1,12}) *$");

    private final Endpoint endpoint;
    private final Time time;

    public Spamd(Endpoint endpoint, Time time) {
        this.endpoint = endpoint;
        this.time = time;
    }

    @Override
    public ScanResult scan(Envelope envelope, Content message, Duration within) {
        try {
            return result(endpoint.talk(time, within, channel -> {
                OutputStream out = Channels.newOutputStream(channel);
                out.write(("SYMBOLS SPAMC/1.5\r\nContent-length: " + message.size() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                try (InputStream in = message.open()) {
                    in.transferTo(out);
                }
                channel.shutdownOutput();
                return new String(Channels.newInputStream(channel).readNBytes(MAX_REPLY_OCTETS), StandardCharsets.UTF_8);
            }));
        } catch (IOException e) {
            return new ScanResult.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static ScanResult result(String reply) {
        String firstLine = reply.lines().findFirst().orElse("");
        Matcher status = STATUS.matcher(firstLine);
        Matcher score = SCORE.matcher(reply);
        if (!status.matches() || !status.group(1).equals("0") || !score.find()) {
            return new ScanResult.Unavailable("spamd answered: " + (firstLine.isEmpty() ? "nothing" : firstLine));
        }
        int body = reply.indexOf("\r\n\r\n");
        String rules = body < 0 ? "" : reply.substring(body).strip();
        try {
            return new ScanResult.Scored(Double.parseDouble(score.group(1)), Double.parseDouble(score.group(2)),
                    rules.isEmpty() ? List.of() : List.of(rules.split("\\s*,\\s*", 200)));
        } catch (NumberFormatException e) {
            return new ScanResult.Unavailable("spamd answered a score that is none: " + score.group());
        }
    }
}
