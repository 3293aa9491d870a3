package io.mailserver.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the part of YAML 1.2 that a configuration needs: mappings, lists, scalars, comments, one document. Anchors, aliases, tags,
 * merge keys and non-text keys are refused: they hide what a file says and are the usual way to make a small file huge.
 */
final class YamlReader {
    /** In characters. The commented default file has some ten thousand. */
    static final int MAX_CHARS = 1024 * 1024;

    private static final int MAX_DEPTH = 16;

    private final String source;
    private final boolean positions;
    private final Problems problems;
    private final Iterator<Event> events;
    /** Where the last event was, for what goes wrong without a place. */
    private Position last;

    /**
     * @param source the name for positions
     * @param positions whether lines and columns of {@code text} mean something to its writer
     */
    private YamlReader(String source, boolean positions, String text, Problems problems) {
        this.source = source;
        this.positions = positions;
        this.problems = problems;
        LoadSettings settings =
                LoadSettings.builder().setLabel(source).setUseMarks(true).setCodePointLimit(MAX_CHARS).build();
        this.events = new Parse(settings).parseString(text).iterator();
        this.last = positions ? new Position(source, 1, 1) : Position.ofSource(source);
    }

    /**
     * Reads one document; problems are added to {@code problems}, and what could be read is returned. Nothing but comments is an
     * empty scalar.
     */
    static ConfigNode read(String source, boolean positions, String text, Problems problems) {
        if (text.length() > MAX_CHARS) {
            problems.add(Position.ofSource(source), "longer than " + MAX_CHARS + " characters", "this is not a configuration file");
            return nothing(Position.ofSource(source));
        }
        YamlReader reader = new YamlReader(source, positions, text, problems);
        try {
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            problems.add(reader.position(e.getProblemMark()), "not valid YAML: " + Words.printable(e.getProblem()),
                    "check indentation (spaces, no tabs), colons and quotes here and in the line before");
        } catch (ReaderException e) {
            problems.add(reader.position(text, e.getPosition()), "a character that YAML does not allow", "remove it");
        } catch (YamlEngineException e) {
            problems.add(reader.last, "not valid YAML from here on", "check indentation, colons, quotes and backslashes");
        } catch (TooDeepException e) {
            // The problem is noted where it was seen; the rest of the document is left unread.
            return nothing(Position.ofSource(source));
        }
        return nothing(Position.ofSource(source));
    }

    private static ConfigNode nothing(Position at) {
        return new ConfigNode.Scalar("", true, at);
    }

    private ConfigNode document() {
        ConfigNode root = nothing(last);
        boolean seen = false;
        for (Event event = next(); event.getEventId() != Event.ID.StreamEnd; event = next()) {
            if (event instanceof NodeEvent) {
                if (seen) {
                    problems.add(position(event), "a second document", "remove the line --- and what follows, or merge it");
                    return root;
                }
                seen = true;
                root = node(event, 1);
            }
        }
        return root;
    }

    private Event next() {
        try {
            Event event = events.next();
            last = position(event);
            return event;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The parser's own slips on broken escapes such as a backslash and u at the end.
            throw new YamlEngineException("broken text", e);
        }
    }

    private ConfigNode node(Event event, int depth) {
        Position at = position(event);
        if (event instanceof AliasEvent) {
            problems.add(at, "aliases (*name) are not supported", "write the value again");
            return nothing(at);
        }
        if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
            problems.add(at, "anchors (&name) are not supported", "remove it, or put the value into quotes");
        }
        if (hasTag(event)) {
            problems.add(at, "tags (!name) are not supported", "remove it, or put the value into quotes");
        }
        return switch (event) {
            case MappingStartEvent start -> mapping(at, depth);
            case SequenceStartEvent start -> sequence(at, depth);
            case ScalarEvent scalar -> scalar(scalar, at);
            default -> throw new IllegalStateException("YAML event " + event.getEventId());
        };
    }

    private static boolean hasTag(Event event) {
        return switch (event) {
            case CollectionStartEvent collection -> collection.getTag().isPresent();
            case ScalarEvent scalar -> scalar.getTag().isPresent();
            default -> false;
        };
    }

    private static ConfigNode scalar(ScalarEvent scalar, Position at) {
        String text = scalar.getValue();
        boolean empty = scalar.isPlain() && (text.isEmpty() || text.equals("null") || text.equals("~"));
        return new ConfigNode.Scalar(text, empty, at);
    }

    private ConfigNode sequence(Position at, int depth) {
        checkDepth(at, depth);
        List<ConfigNode> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return new ConfigNode.Sequence(items, at);
    }

    private ConfigNode mapping(Position at, int depth) {
        checkDepth(at, depth);
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            ConfigNode key = node(event, depth + 1);
            ConfigNode value = node(next(), depth + 1);
            if (!(key instanceof ConfigNode.Scalar name)) {
                problems.add(key.at(), "a key must be a word", "see docs/configuration.md for the keys there are");
            } else {
                ConfigNode.Entry before = entries.putIfAbsent(name.text(), new ConfigNode.Entry(key.at(), value));
                if (before != null) {
                    problems.add(key.at(), "the key " + Words.quote(name.text()) + " is there twice",
                            "it was given before at " + before.keyAt());
                }
            }
        }
        return new ConfigNode.Mapping(entries, at);
    }

    private void checkDepth(Position at, int depth) {
        if (depth > MAX_DEPTH) {
            problems.add(at, "nested deeper than " + MAX_DEPTH + " levels", "no key of the configuration is that deep");
            throw new TooDeepException();
        }
    }

    private Position position(Event event) {
        return position(event.getStartMark());
    }

    private Position position(Optional<Mark> mark) {
        return positions && mark.isPresent()
                ? new Position(source, mark.get().getLine() + 1, mark.get().getColumn() + 1)
                : Position.ofSource(source);
    }

    private Position position(String text, int codePointIndex) {
        if (!positions) {
            return Position.ofSource(source);
        }
        int end = Math.min(codePointIndex, text.length());
        String before = text.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Position(source, line, end - before.lastIndexOf('\n'));
    }

    /** Leaves a document that is too deep. */
    private static final class TooDeepException extends RuntimeException {
        TooDeepException() {
            super(null, null, false, false);
        }
    }
}
