package io.mailserver.config;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: a YAML file, changed by {@code --set key=value}, the rest defaults. All of it is checked before anything is
 * returned, and all problems are told at once, each with its place and what to do.
 */
public final class ConfigLoader {
    private static final String HINT = "Nothing was changed. docs/configuration.md lists every key.";
    private static final int MAX_FILE_OCTETS = 2 * YamlReader.MAX_CHARS;

    private ConfigLoader() {}

    /**
     * The configuration of {@code file}, with {@code sets} on top.
     *
     * @param sets values by their keys' paths, such as {@code smtp.max-recipients}; lists and sections in YAML's flow form, a list of one
     *     plain value also as that value
     * @throws OperatorException if the file cannot be read or anything in it is wrong
     */
    public static Config load(Path file, Map<String, String> sets) {
        return bind(Config.class, file, sets, System.getenv());
    }

    /**
     * The defaults with {@code sets} on top, without any file.
     *
     * @throws OperatorException if anything in the sets is wrong
     */
    public static Config of(Map<String, String> sets) {
        return bind(Config.class, null, sets, System.getenv());
    }

    static <R> R bind(Class<R> root, @Nullable Path file, Map<String, String> sets, Map<String, String> environment) {
        Problems problems = new Problems();
        String fileSource = file == null ? "configuration" : file.toString();
        ConfigNode node = file == null
                ? ConfigNode.Mapping.empty(Position.ofSource(fileSource))
                : YamlReader.read(fileSource, true, readFile(file), problems);
        if (node instanceof ConfigNode.Scalar scalar && scalar.empty()) {
            node = ConfigNode.Mapping.empty(scalar.at());
        }
        for (Map.Entry<String, String> set : sets.entrySet()) {
            node = overlay(root, node, set.getKey(), set.getValue(), problems);
        }
        Path here = Path.of("");
        Path folder = file == null ? here : Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(here);
        Binder binder = new Binder(
                root, problems, at -> new ValueTypes(at.source().equals(fileSource) ? folder : here, environment));
        R bound = binder.bind(root, node, "");
        problems.throwIfAny(HINT);
        if (bound == null) {
            throw new IllegalStateException("no configuration and no problem");
        }
        return bound;
    }

    private static ConfigNode overlay(Class<?> root, ConfigNode node, String path, String text, Problems problems) {
        String source = "--set " + path;
        Position at = Position.ofSource(source);
        Optional<Schema.Entry> key = Schema.find(root, path);
        if (key.isEmpty()) {
            List<String> known = Schema.allKeysOf(root).stream().map(Schema.Entry::path).toList();
            problems.add(at, "unknown key", Words.closest(path, known)
                    .map(close -> "did you mean " + close + "?")
                    .orElse("docs/configuration.md lists every key"));
            return node;
        }
        ConfigNode value = key.get().kind() == Schema.Kind.VALUE
                ? new ConfigNode.Scalar(text, text.isEmpty(), at)
                : listOf(key.get(), YamlReader.read(source, false, text, problems));
        String[] names = path.split("\\.", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
            entries.put(names[i], new ConfigNode.Entry(at, value));
            value = new ConfigNode.Mapping(entries, at);
        }
        return ConfigNode.merge(node, value);
    }

    /** On a command line, brackets around plain values of a list are too much: {@code --set imap.plaintext-login-from=127.0.0.0/8}. */
    private static ConfigNode listOf(Schema.Entry key, ConfigNode node) {
        boolean plain = node instanceof ConfigNode.Scalar scalar && !scalar.empty();
        return plain && key.kind() == Schema.Kind.LIST && !Schema.isSection(key.item())
                ? new ConfigNode.Sequence(List.of(node), node.at())
                : node;
    }

    private static String readFile(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new OperatorException("the configuration file " + file + " is a folder", "Name the file in it.");
            }
            if (Files.size(file) > MAX_FILE_OCTETS) {
                throw new OperatorException("the configuration file " + file + " is too large", "Is this the right file?");
            }
            byte[] octets = Files.readAllBytes(file);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (NoSuchFileException e) {
            throw new OperatorException(
                    "the configuration file " + file + " does not exist", "./mailserver start writes a default one there.", e);
        } catch (CharacterCodingException e) {
            throw new OperatorException("the configuration file " + file + " is not UTF-8 text", "Save it as UTF-8.", e);
        } catch (IOException e) {
            throw new OperatorException(
                    "the configuration file " + file + " cannot be read", "Check its owner and mode, and those of its folder.", e);
        }
    }
}
