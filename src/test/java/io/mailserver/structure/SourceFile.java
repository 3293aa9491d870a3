package io.mailserver.structure;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A Java source as the tidy rules see it: its text, its syntax tree, and its comments by line.
 *
 * @param path from the project's root, with slashes
 * @param inMain whether it belongs to the product
 */
record SourceFile(
        String path, boolean inMain, String text, CompilationUnitTree tree, Trees trees, List<Integer> lineStarts) {
    SourceFile(String path, boolean inMain, String text, CompilationUnitTree tree, Trees trees) {
        this(path, inMain, text, tree, trees, lineStarts(text));
    }

    /** A comment's text, one entry a line. */
    record CommentLine(int line, String text) {}

    static List<SourceFile> parseAll(Path projectRoot) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("src/main/java", "src/test/java", "bench")) {
            Path root = projectRoot.resolve(folder);
            if (Files.isDirectory(root)) {
                try (Stream<Path> walk = Files.walk(root)) {
                    walk.filter(p -> p.toString().endsWith(".java")).sorted().forEach(files::add);
                }
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            List<SourceFile> sources = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                String path = projectRoot.toUri().relativize(unit.getSourceFile().toUri()).getPath();
                String text = unit.getSourceFile().getCharContent(false).toString();
                sources.add(new SourceFile(path, path.startsWith("src/main/"), text, unit, trees));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot parse the sources", e);
        }
    }

    String packageName() {
        String name = tree.getPackageName() == null ? "" : tree.getPackageName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    boolean isPackageInfo() {
        return path.endsWith("/package-info.java");
    }

    /** By lines of our own: the compiler's map remembers where it was asked last, and the rules ask side by side. */
    int lineOf(long position) {
        int place = Collections.binarySearch(lineStarts, (int) Math.max(position, 0));
        return place < 0 ? -place - 1 : place + 1;
    }

    private static List<Integer> lineStarts(String text) {
        List<Integer> starts = new ArrayList<>();
        starts.add(0);
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
            starts.add(end + 1);
        }
        return starts;
    }

    int lineCount() {
        return (int) text.lines().count();
    }

    /** Every line of every comment; strings and text blocks are stepped over. */
    List<CommentLine> comments() {
        List<CommentLine> found = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = at + 1;
            if (text.startsWith("//", at)) {
                end = indexOr(text.indexOf('\n', at), text.length());
                addComment(found, at, end);
            } else if (text.startsWith("/*", at)) {
                end = indexOr(text.indexOf("*/", at + 2), text.length() - 2) + 2;
                addComment(found, at, end);
            } else if (text.startsWith("\"\"\"", at)) {
                end = endOfLiteral("\"\"\"", at + 3);
            } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
                end = endOfLiteral(text.substring(at, at + 1), at + 1);
            }
            at = end;
        }
        return found;
    }

    private void addComment(List<CommentLine> found, int start, int end) {
        int line = lineOf(start);
        for (String part : text.substring(start, end).split("\n", -1)) {
            found.add(new CommentLine(line++, part));
        }
    }

    private int endOfLiteral(String quote, int from) {
        int at = from;
        while (at < text.length() && !text.startsWith(quote, at)) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + quote.length();
    }

    private static int indexOr(int index, int otherwise) {
        return index >= 0 ? index : otherwise;
    }
}
