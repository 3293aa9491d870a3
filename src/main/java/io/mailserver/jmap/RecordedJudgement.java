package io.mailserver.jmap;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.spam.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What this server wrote on top of a message when it came in: the results of its checks (RFC 8601) and of its spam filter. Only fields
 * above the first Received are looked at, and results only where they bear this server's name: what is below came with the message.
 *
 * @param results of the checks, in their order
 */
record RecordedJudgement(List<MethodResult> results, Optional<Spam> spam) {
    private static final Pattern STATUS = Pattern.compile("(Yes|No), score=(-?[0-9.]{1,10}) required=(-?[0-9.]{1,10})(?: tests=(.*))?");
    private static final Pattern TEST = Pattern.compile("([A-Za-z0-9_:.-]{1,200})=(-?[0-9.]{1,10})");

    /** @param required points from which it is spam */
    record Spam(boolean isSpam, double score, double required, List<Finding> findings) {}

    /** @param host the name that results of this server bear */
    static RecordedJudgement in(HeaderBlock header, String host) {
        List<MethodResult> results = List.of();
        Optional<Spam> spam = Optional.empty();
        for (HeaderField field : header.fields()) {
            if (field.is("Received")) {
                break;
            }
            if (field.is(AuthenticationResults.FIELD) && results.isEmpty()) {
                results = results(field, host);
            } else if (field.is("X-Spam-Status") && spam.isEmpty()) {
                spam = spam(field.text());
            }
        }
        return new RecordedJudgement(results, spam);
    }

    private static List<MethodResult> results(HeaderField field, String host) {
        try {
            AuthenticationResults read = AuthenticationResults.parse(field);
            return AuthenticationResults.sameId(read.id(), host) ? read.results() : List.of();
        } catch (AuthenticationResults.SyntaxException e) {
            return List.of(); // None of ours.
        }
    }

    private static Optional<Spam> spam(String text) {
        Matcher status = STATUS.matcher(text.strip().replaceAll("\\s+", " "));
        if (!status.matches()) {
            return Optional.empty();
        }
        List<Finding> findings = new ArrayList<>();
        Matcher test = TEST.matcher(Optional.ofNullable(status.group(4)).orElse(""));
        try {
            while (test.find()) {
                findings.add(new Finding(test.group(1), Double.parseDouble(test.group(2)), Finding.reasonOf(test.group(1))));
            }
            return Optional.of(new Spam(status.group(1).equals("Yes"), Double.parseDouble(status.group(2)),
                    Double.parseDouble(status.group(3)), findings));
        } catch (NumberFormatException e) {
            return Optional.empty(); // None of ours.
        }
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        ArrayNode authentication = json.putArray("authentication");
        for (MethodResult result : results) {
            ObjectNode one = authentication.addObject()
                    .put("method", result.method())
                    .put("result", result.result())
                    .put("domain", domain(result).orElse(null))
                    .put("reason", result.reason().orElse(null));
            one.put("comment", result.comment().isEmpty() ? null : result.comment());
        }
        if (spam.isPresent()) {
            json.set("spam", spam(spam.get()));
        } else {
            json.putNull("spam");
        }
        ArrayNode lines = json.putArray("lines");
        for (Line line : lines()) {
            ObjectNode one = lines.addObject().put("code", line.code()).put("good", line.good().orElse(null)).put("text", line.text());
            ObjectNode values = one.putObject("values");
            line.values().forEach(values::put);
        }
        return json;
    }

    private static ObjectNode spam(Spam spam) {
        ObjectNode json = Json.object().put("isSpam", spam.isSpam()).put("score", spam.score()).put("required", spam.required());
        ArrayNode findings = json.putArray("findings");
        spam.findings().forEach(finding -> findings.addObject().put("name", finding.name()).put("points", finding.points())
                .put("reason", finding.reason().isEmpty() ? null : finding.reason()));
        return json;
    }

    /** Whom a result is about: the author's domain, that of the signature, of MAIL FROM or of HELO. */
    private static Optional<String> domain(MethodResult result) {
        return result.property("header", "from")
                .or(() -> result.property("header", "d"))
                .or(() -> result.property("smtp", "mailfrom").map(address -> address.substring(address.lastIndexOf('@') + 1)))
                .or(() -> result.property("smtp", "helo"));
    }

    /**
     * One sentence for people.
     *
     * @param code of the sentence, for translations, with its values
     * @param good whether it speaks for the message or against it; empty for neither
     */
    record Line(String code, Optional<Boolean> good, String text, Map<String, String> values) {}

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        first("dmarc").ifPresent(result -> lines.add(dmarc(result)));
        first("spf").ifPresent(result -> lines.add(spf(result)));
        best("dkim").ifPresent(result -> lines.add(dkim(result)));
        if (spam.isPresent()) {
            Spam found = spam.get();
            Map<String, String> values = Map.of("score", number(found.score()), "required", number(found.required()));
            lines.add(new Line("spamScore", Optional.of(!found.isSpam()),
                    number(found.score()) + " points of the spam filter; spam from " + number(found.required()) + ".", values));
            found.findings().stream().filter(finding -> finding.points() != 0).forEach(finding -> lines.add(finding(finding)));
        }
        return lines;
    }

    private static Line finding(Finding finding) {
        String said = finding.reason().isEmpty() ? finding.name() : finding.reason();
        return new Line("spamFinding", Optional.of(finding.points() < 0),
                Character.toUpperCase(said.charAt(0)) + said.substring(1) + " (" + number(finding.points()) + ").",
                Map.of("name", finding.name(), "points", number(finding.points()), "reason", finding.reason()));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private Optional<MethodResult> first(String method) {
        return results.stream().filter(result -> result.method().equals(method)).findFirst();
    }

    private Optional<MethodResult> best(String method) {
        return results.stream().filter(result -> result.method().equals(method) && result.result().equals("pass")).findFirst()
                .or(() -> first(method));
    }

    private static Line dmarc(MethodResult result) {
        String domain = domain(result).orElse("");
        return switch (result.result()) {
            case "pass" -> line("dmarcPass", true, "It really comes from %s.", domain);
            case "fail" -> line("dmarcFail", false, "It was not shown that %s sent this: the sender may be forged.", domain);
            default -> line("dmarcNone", null, "%s does not say how its mail can be checked.", domain);
        };
    }

    private static Line spf(MethodResult result) {
        String domain = domain(result).orElse("");
        return switch (result.result()) {
            case "pass" -> line("spfPass", true, "It came from a server of %s.", domain);
            case "fail", "softfail" -> line("spfFail", false, "%s does not name the sending server as its own.", domain);
            default -> line("spfNone", null, "The sending server could not be checked.", domain);
        };
    }

    private static Line dkim(MethodResult result) {
        String domain = domain(result).orElse("");
        return switch (result.result()) {
            case "pass" -> line("dkimPass", true, "It is signed by %s and unchanged.", domain);
            case "none" -> line("dkimNone", null, "It is not signed.", domain);
            default -> line("dkimFail", false, "The signature does not fit: it may have been changed on the way.", domain);
        };
    }

    private static Line line(String code, @Nullable Boolean good, String text, String domain) {
        return new Line(code, Optional.ofNullable(good), text.formatted(domain), Map.of("domain", domain));
    }
}
