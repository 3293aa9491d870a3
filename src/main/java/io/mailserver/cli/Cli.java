package io.mailserver.cli;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: understands the words, does what they say, and says in one line what went wrong.
 *
 * <p>Exit codes: 0 done, 1 refused or failed, 2 not understood.
 */
public final class Cli {
    private static final String NAME = "mailserver";

    private final Application application;
    private final Terminal terminal;

    public Cli(Application application, Terminal terminal) {
        this.application = application;
        this.terminal = terminal;
    }

    /** Runs one command and returns the exit code. */
    public int run(String... words) {
        CommandLine commands = commands();
        try {
            ParseResult parsed = commands.parseArgs(words);
            return run(parsed);
        } catch (ParameterException e) {
            complain(terminal, misunderstanding(e), "see ./" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Command.MISUSED;
        } catch (UsageException e) {
            complain(terminal, text(e), "see ./mailserver help");
            return Command.MISUSED;
        } catch (OperatorException e) {
            complain(terminal, text(e), e.hint());
            return Command.REFUSED;
        } catch (IOException e) {
            complain(terminal, text(e), "if the server has just stopped, try again; else look at its log");
            return Command.REFUSED;
        } catch (RuntimeException e) {
            // A bug, at the edge of the program: one line for people; where it happened for those who mend it.
            StackTraceElement[] stack = e.getStackTrace();
            complain(terminal, "an internal error happened: " + e, "please report it" + (stack.length == 0 ? "" : ", with: " + stack[0]));
            return Command.REFUSED;
        }
    }

    /** One line that says what is wrong, one that says what to do. */
    static void complain(Terminal terminal, String reason, String hint) {
        terminal.err().println("mailserver: " + reason);
        if (!hint.isEmpty()) {
            terminal.err().println("  " + hint);
        }
    }

    private int run(ParseResult outermost) throws IOException {
        ParseResult innermost = outermost;
        for (Optional<ParseResult> inner = Optional.of(outermost); inner.isPresent(); inner = CommonOptions.inner(inner.get())) {
            innermost = inner.get();
            if (innermost.isUsageHelpRequested()) {
                return usage(innermost.commandSpec());
            }
        }
        Command command = (Command) innermost.commandSpec().userObject();
        return command.run(new Command.Call(
                innermost, CommonOptions.settings(outermost), CommonOptions.json(outermost), application, terminal));
    }

    private static CommandLine commands() {
        CommandSpec root = Command.family(
                NAME,
                "A complete mail server in one process.",
                ServerCommands.start(),
                ServerCommands.stop(),
                ServerCommands.status(),
                ServerCommands.reload(),
                DirectoryCommands.domain(),
                DirectoryCommands.account(),
                DirectoryCommands.invite(),
                DirectoryCommands.device(),
                DirectoryCommands.alias(),
                DirectoryCommands.store(),
                QueueCommands.queue(),
                QueueCommands.suppression(),
                QueueCommands.testDelivery(),
                DnsCommands.dns(),
                DnsCommands.dkim(),
                DoctorCommand.doctor(),
                DnsCommands.reports(),
                CheckCommands.check(),
                SignCommands.sign(),
                SpamCommands.spam(),
                ServerCommands.trace(),
                ServerCommands.install(),
                ServerCommands.uninstall(),
                ServerCommands.firewall(),
                ServerCommands.version());
        root.addSubcommand("help", help(root));
        // A word such as @example.com is an argument, never a file of arguments.
        return new CommandLine(root).setExpandAtFiles(false);
    }

    private static CommandSpec help(CommandSpec root) {
        CommandSpec spec = Command.spec("help", "Show the commands, or how one is used.", call -> {
            CommandSpec shown = root;
            for (String word : call.words().matchedPositionalValue(0, List.<String>of())) {
                CommandLine next = shown.subcommands().get(word);
                if (next == null) {
                    throw new UsageException("there is no command \"" + word + "\"");
                }
                shown = next.getCommandSpec();
            }
            new CommandLine(shown).usage(call.terminal().out(), CommandLine.Help.Ansi.OFF);
            return Command.DONE;
        });
        spec.addPositional(CommandLine.Model.PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("Such as account add.")
                .build());
        return spec;
    }

    private int usage(CommandSpec spec) {
        new CommandLine(spec).usage(terminal.out(), CommandLine.Help.Ansi.OFF);
        return Command.DONE;
    }

    private static String misunderstanding(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            return "\"" + unmatched.getUnmatched().getFirst() + "\" is not understood here";
        }
        return text(e);
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
