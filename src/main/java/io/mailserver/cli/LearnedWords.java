package io.mailserver.cli;

import io.mailserver.base.OperatorException;
import io.mailserver.check.MessageFile;
import io.mailserver.mime.CrlfInputStream;
import io.mailserver.mime.MessageOctets;
import io.mailserver.spam.ContentFilter;
import io.mailserver.spam.Finding;
import io.mailserver.spam.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server has learned about a message, and the words that weigh most in it. The words are made out here: the server knows hashes,
 * and is told no others.
 *
 * @param finding its points; empty while too little was learned, or where nothing is to be said
 * @param lines for people
 */
record LearnedWords(Optional<Finding> finding, List<String> lines, List<Map<String, Object>> data) {
    /** Asks the running server, or its data folder when none runs; says so where there is neither. */
    static LearnedWords about(CheckOptions options, Command.Call call) throws IOException {
        Tokens tokens = tokens(options.message(), call);
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("tokens", Base64.getEncoder().encodeToString(tokens.encode()));
        options.text("account").ifPresent(account -> arguments.put("account", account));
        try (Backend backend = call.application().connect(call.settings())) {
            Outcome outcome = backend.run("spam.weigh", arguments);
            if (outcome.ok()) {
                return of(outcome.data(), tokens.names());
            }
            if (options.text("account").isPresent()) {
                throw new UsageException(String.join(" ", outcome.lines()));
            }
            return unknown(String.join(" ", outcome.lines()));
        } catch (OperatorException e) {
            return unknown(String.valueOf(e.getMessage()));
        }
    }

    private static LearnedWords unknown(String why) {
        return new LearnedWords(Optional.empty(), List.of("what was learned is not known here: " + why), List.of());
    }

    private static Tokens tokens(MessageFile message, Command.Call call) throws IOException {
        try (InputStream in = message.open()) {
            byte[] octets = new CrlfInputStream(new ByteArrayInputStream(in.readNBytes(SpamLearning.MAX_OCTETS))).readAllBytes();
            return ContentFilter.namedTokens(MessageOctets.of(octets), call.application().time().now());
        }
    }

    private static LearnedWords of(JsonNode answer, Map<Long, String> names) {
        JsonNode found = answer.path("finding");
        Optional<Finding> finding = found.isObject()
                ? Optional.of(new Finding(
                        found.path("name").asString(""), found.path("points").asDouble(0), found.path("reason").asString("")))
                : Optional.empty();
        List<String> lines = new ArrayList<>();
        List<Map<String, Object>> data = new ArrayList<>();
        for (JsonNode each : answer.path("tokens")) {
            String name = names.getOrDefault(Long.parseUnsignedLong(each.path("token").asString("0"), 16), "?")
                    .replaceAll("\\p{Cntrl}", " ");
            int spam = each.path("spam").asInt(0);
            int ham = each.path("ham").asInt(0);
            lines.add(String.format(Locale.ROOT, "  %5.1f %%  in %d of junk and %d wanted  %s",
                    100 * each.path("probability").asDouble(0), spam, ham, name));
            data.add(Map.of("words", name, "spam", spam, "ham", ham, "probability", each.path("probability").asDouble(0)));
        }
        lines.addFirst(lines.isEmpty() ? "too little was learned to say anything of it"
                : "what weighs most of what was learned (chance of junk):");
        return new LearnedWords(finding, lines, data);
    }
}
