package io.mailserver.config;

import java.util.ArrayList;
import java.util.List;

/** The page {@code docs/configuration.md}, made from the records. A test compares it with the file and rewrites it on request. */
final class ConfigReference {
    private static final String INTRODUCTION = """
            # Configuration

            <!-- Made from the records in src/main/java/io/mailserver/config by ConfigReferenceTest; change them, not this page,
                 and run ./dev docs. -->

            `./mailserver start --config FILE` reads a YAML file. The first start writes one with every key commented out if there is
            none. `--set key=value` (any number of them) goes before the file, with dots between the levels:

                ./mailserver start --config /etc/mailserver/config.yml --set smtp.max-recipients=200 --set 'smtp.xclient-from=[192.0.2.11]'

            The file holds what the process needs to know. Domains, accounts and aliases are managed with `./mailserver domain`,
            `account` and `alias` and live in the data folder.

            - `./mailserver reload` (or SIGHUP) reads the file again. All of it is checked first; if anything is wrong, the running
              configuration stays and the problems are listed. Keys marked *restart* take effect at the next start, and reload says so.
            - Unknown keys, keys given twice and bad values are errors, with file, line, column and what to write instead.
            - A key without a value (`smtp:` alone) stands for its defaults. Anchors, aliases and tags of YAML are not accepted.

            Types of values:

            | type | written |
            |---|---|
            | size | octets, or with binary units: `2048`, `64KiB`, `50MiB`, `2GiB` |
            | duration | `500ms`, `30s`, `5m`, `12h`, `7d`, also `1h30m` |
            | network | `192.0.2.0/24`, `2001:db8::/32`, or one address |
            | address | an IP address; `"*"` for all addresses of the machine |
            | path | relative ones start from the configuration file's folder; with `--set` from the current folder |
            | secret | `file:/path` or `env:NAME`, never the secret itself |
            | list | `[a, b]`, or lines that begin with a hyphen |
            """;

    private final StringBuilder text = new StringBuilder(INTRODUCTION);

    private ConfigReference() {}

    /** The page as Markdown. */
    static String markdown() {
        ConfigReference page = new ConfigReference();
        page.text.append("\n## Top level\n\n");
        page.keys(Config.class, "");
        for (Schema.Entry entry : Schema.keysOf(Config.class, "")) {
            if (entry.kind() == Schema.Kind.SECTION) {
                page.text.append("\n## ").append(entry.path()).append("\n\n").append(entry.key().doc()).append("\n\n");
                page.keys(entry.item(), entry.path());
            }
        }
        return page.text.toString();
    }

    private void keys(Class<?> record, String path) {
        for (Schema.Entry entry : Schema.keysOf(record, path)) {
            if (entry.kind() != Schema.Kind.SECTION) {
                text.append("- **`").append(entry.path()).append("`** (").append(facts(entry)).append("): ")
                        .append(entry.key().doc()).append('\n');
                if (Schema.isSection(entry.item())) {
                    itemKeys(entry);
                }
            }
        }
    }

    private void itemKeys(Schema.Entry list) {
        for (Schema.Entry entry : Schema.keysOf(list.item(), "")) {
            text.append("  - **`").append(entry.name()).append("`** (").append(facts(entry)).append("): ")
                    .append(entry.key().doc()).append('\n');
        }
    }

    /** The description for the default file: what the key does, and for a list of records what its items may hold. */
    static String description(Schema.Entry entry) {
        if (!Schema.isSection(entry.item())) {
            return entry.key().doc();
        }
        List<String> names = Schema.keysOf(entry.item(), "").stream().map(Schema.Entry::name).toList();
        return entry.key().doc() + " Keys of each: " + String.join(", ", names) + ".";
    }

    private static String facts(Schema.Entry entry) {
        List<String> facts = new ArrayList<>();
        Key key = entry.key();
        String type = Schema.isSection(entry.item()) ? "keys as below" : ValueTypes.nameOf(entry.item());
        facts.add(entry.kind() == Schema.Kind.LIST ? "list of " + (type.equals("keys as below") ? type : type + "s") : type);
        if (!key.unit().isEmpty()) {
            facts.add("in " + key.unit());
        }
        if (!key.value().isEmpty()) {
            facts.add("default `" + key.value() + "`");
        } else if (entry.kind() == Schema.Kind.LIST) {
            facts.add("default empty");
        } else if (!entry.optional()) {
            facts.add("must be given");
        }
        if (!key.min().isEmpty()) {
            facts.add(key.max().isEmpty() ? "at least " + key.min() : key.min() + " to " + key.max());
        }
        if (key.value().isEmpty() && !key.example().isEmpty()) {
            facts.add("such as `" + key.example() + "`");
        }
        if (key.restart()) {
            facts.add("*restart*");
        }
        return String.join(", ", facts);
    }
}
