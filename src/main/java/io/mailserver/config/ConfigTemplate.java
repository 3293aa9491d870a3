package io.mailserver.config;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The default configuration file: every key with its description, commented out with its default. */
public final class ConfigTemplate {
    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();

    private ConfigTemplate() {}

    /** The file's text; it loads as {@link Config#defaults()}. */
    public static String text() {
        ConfigTemplate template = new ConfigTemplate();
        template.comment("", "Configuration of the mail server, in YAML. Every key stands here commented out with its default, or with an "
                + "example where it has none: remove the # before a key to set it. After a change: ./mailserver reload. Keys marked "
                + "(restart) take effect at the next start. Domains, accounts and aliases are not configured here: use ./mailserver "
                + "domain, account and alias. All of it with limits and types: docs/configuration.md.");
        template.keys(Config.class, "", "");
        return template.text.toString();
    }

    /**
     * Writes the default file where there is none.
     *
     * @throws OperatorException if it cannot be written, or is there
     */
    public static void write(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new OperatorException(file + " is there already", "It was left as it is.", e);
        } catch (IOException e) {
            throw new OperatorException(
                    "the configuration file " + file + " cannot be written",
                    "Name another place with --config, or run this as a user who may write there.",
                    e);
        }
    }

    private void keys(Class<?> record, String path, String indent) {
        for (Schema.Entry entry : Schema.keysOf(record, path)) {
            text.append('\n');
            if (entry.kind() == Schema.Kind.SECTION) {
                comment(indent, entry.key().doc());
                text.append(indent).append(entry.name()).append(":\n");
                keys(entry.item(), entry.path(), indent + "  ");
            } else {
                comment(indent, ConfigReference.description(entry) + (entry.key().restart() ? " (restart)" : ""));
                text.append(indent).append('#').append(entry.name()).append(": ").append(shown(entry)).append('\n');
            }
        }
    }

    private static String shown(Schema.Entry entry) {
        return entry.key().value().isEmpty() ? entry.key().example() : entry.key().value();
    }

    /** Lines of at most 100 characters that begin with a number sign. */
    private void comment(String indent, String words) {
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : words.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        text.append(line).append('\n');
    }
}
