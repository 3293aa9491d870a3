package io.mailserver.cli;

import io.mailserver.base.OperatorException;
import io.mailserver.mime.CrlfInputStream;
import io.mailserver.mime.MessageOctets;
import io.mailserver.spam.ContentFilter;
import io.mailserver.spam.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code spam learn}: reads messages here, so that files need be readable by who calls only, and tells the server what a classifier would
 * learn of them: hashes of words, not the words.
 */
final class SpamLearning {
    /** Of one message; what comes behind it teaches nothing new. */
    static final int MAX_OCTETS = 4 << 20;

    private SpamLearning() {}

    static CommandSpec spec() {
        CommandSpec spec = Command.spec("learn", "Teach the filter by examples, with the server running or stopped.", SpamLearning::run);
        spec.addOption(OptionSpec.builder("--spam").type(boolean.class).arity("0").description("The messages are junk.").build());
        spec.addOption(OptionSpec.builder("--ham").type(boolean.class).arity("0").description("The messages are wanted.").build());
        spec.addOption(OptionSpec.builder("--account").paramLabel("ADDRESS").type(String.class)
                .description("Teach this account alone; otherwise everybody.").build());
        spec.addPositional(PositionalParamSpec.builder().paramLabel("FILE").index("0..*").arity("1..*").required(true).type(List.class)
                .auxiliaryTypes(String.class).description("Messages, or folders of messages such as a Maildir; - for standard input.")
                .build());
        return spec;
    }

    private static int run(Command.Call call) throws IOException {
        boolean spam = call.flag("--spam");
        if (spam == call.flag("--ham")) {
            throw new UsageException("say --ham or --spam");
        }
        List<String> words = call.words().matchedPositionalValue(0, List.of());
        int learned = 0;
        try (Backend backend = call.application().connect(call.settings())) {
            for (String word : words) {
                for (Path file : files(word)) {
                    try (InputStream in = word.equals("-") ? call.terminal().in() : Files.newInputStream(file)) {
                        Outcome outcome = backend.run("spam.learn", arguments(call, spam, in));
                        if (!outcome.ok()) {
                            return OperationCommand.print(outcome, call);
                        }
                        learned++;
                    }
                }
            }
        }
        call.terminal().out().println(learned + (learned == 1 ? " message" : " messages") + " learned as " + (spam ? "junk" : "wanted"));
        return Command.DONE;
    }

    private static ObjectNode arguments(Command.Call call, boolean spam, InputStream message) throws IOException {
        byte[] octets = new CrlfInputStream(new ByteArrayInputStream(message.readNBytes(MAX_OCTETS))).readAllBytes();
        Tokens tokens = ContentFilter.tokens(MessageOctets.of(octets), call.application().time().now());
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("spam", spam);
        arguments.put("tokens", Base64.getEncoder().encodeToString(tokens.encode()));
        if (call.words().hasMatchedOption("--account")) {
            arguments.put("account", call.words().matchedOptionValue("--account", ""));
        }
        return arguments;
    }

    /** A file, or all files in a folder and those below it, as a Maildir has them; what begins with a dot is no message. */
    private static List<Path> files(String word) throws IOException {
        Path path = Path.of(word);
        if (word.equals("-")) {
            return List.of(path);
        }
        if (!Files.isReadable(path)) {
            throw new OperatorException("cannot read " + path, "name files or folders of messages");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(path)) {
            all.filter(Files::isRegularFile).filter(SpamLearning::message).sorted().forEach(found::add);
        }
        return found;
    }

    private static boolean message(Path file) {
        String name = String.valueOf(file.getFileName());
        // What lies beside the messages of a Maildir, of ours and of Dovecot's.
        return !name.startsWith(".") && !name.startsWith("dovecot") && !name.equals("subscriptions") && !name.equals("maildirfolder");
    }
}
