package io.mailserver.mime;

import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * What a reader sees of HTML, as text: white space as one space, blocks on lines of their own, no scripts, styles and comments; images by
 * their {@code alt}. Large documents are read in slices of a megabyte cut before a paragraph, so that memory stays bounded. For one
 * thread.
 */
public final class HtmlText {
    private static final int SLICE_CHARACTERS = 1 << 20;
    private static final Set<String> UNSEEN = Set.of("script", "style", "head", "title", "template", "noscript");

    private static final List<String> CUTS = List.of("<p", "<div", "<br", "<tr", "<li", "\n\n");

    private final StringBuilder html = new StringBuilder();

    /**
     * Adds a piece of HTML.
     *
     * @return the text of a slice that is full; empty nearly always
     */
    String add(CharSequence piece) {
        html.append(piece);
        if (html.length() < SLICE_CHARACTERS) {
            return "";
        }
        int cut = CUTS.stream().mapToInt(tag -> html.lastIndexOf(tag)).max().orElse(-1);
        if (cut < SLICE_CHARACTERS / 2) {
            cut = html.lastIndexOf(">") + 1; // No paragraph for long: after some tag, or anywhere.
            cut = cut < SLICE_CHARACTERS / 2 ? html.length() : cut;
        }
        String slice = html.substring(0, cut);
        html.delete(0, cut);
        return text(slice) + '\n';
    }

    /** The text of the rest. */
    String finish() {
        String rest = html.toString();
        html.setLength(0);
        return rest.isEmpty() ? "" : text(rest);
    }

    /** The text of a document. */
    public static String text(String html) {
        StringBuilder out = new StringBuilder(html.length() / 2);
        NodeTraversor.traverse(new Collector(out), Jsoup.parse(html));
        return out.toString();
    }

    private static final class Collector implements NodeVisitor {
        private final StringBuilder out;
        private int unseen;

        Collector(StringBuilder out) {
            this.out = out;
        }

        @Override
        public void head(Node node, int depth) {
            switch (node) {
                case TextNode text -> {
                    if (unseen == 0) {
                        append(text.getWholeText());
                    }
                }
                case Element element -> {
                    unseen += UNSEEN.contains(element.normalName()) ? 1 : 0;
                    if (unseen == 0) {
                        open(element);
                    }
                }
                default -> { }
            }
        }

        private void open(Element element) {
            String name = element.normalName();
            if (name.equals("br") || element.isBlock()) {
                breakLine();
            } else if (name.equals("td") || name.equals("th")) {
                space();
            } else if (name.equals("img")) {
                append(element.attr("alt"));
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                if (UNSEEN.contains(element.normalName())) {
                    unseen--;
                } else if (unseen == 0 && element.isBlock()) {
                    breakLine();
                }
            }
        }

        private void append(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c <= ' ' || c == '\u00a0') {
                    space();
                } else if (c != '\u00ad' && c != '\u200b' && c != '\u200c') { // Hints for breaking lines are not text.
                    out.append(c);
                }
            }
        }

        private void space() {
            if (!out.isEmpty() && out.charAt(out.length() - 1) > ' ') {
                out.append(' ');
            }
        }

        private void breakLine() {
            int length = out.length();
            if (length > 0 && out.charAt(length - 1) == ' ') {
                out.setCharAt(length - 1, '\n');
            } else if (length > 0 && out.charAt(length - 1) != '\n') {
                out.append('\n');
            }
        }
    }
}
