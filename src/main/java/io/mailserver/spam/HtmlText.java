package io.mailserver.spam;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * What people see of HTML, and what they do not.
 *
 * @param visible the text they see
 * @param hidden how many characters of text are there and not seen
 * @param images pictures
 * @param forms fields for input
 * @param scripts programs
 */
record HtmlText(String visible, int hidden, int images, int forms, int scripts, List<Link> links) {
    /** HTML beyond this is not looked at. */
    static final int MAX_CHARS = 400_000;

    private static final int MAX_VISIBLE = 100_000;
    private static final int MAX_LINKS = 500;
    private static final int MAX_DEPTH = 400;

    /** Nodes within a link that are looked at for its text. */
    private static final int MAX_LINK_NODES = 200;

    /** Characters of one piece of it, blanks included. */
    private static final int MAX_LINK_PIECE = 2_000;

    HtmlText {
        links = List.copyOf(links);
    }

    static HtmlText of(String html) {
        Document document = Jsoup.parse(html.length() > MAX_CHARS ? html.substring(0, MAX_CHARS) : html);
        Walk walk = new Walk();
        NodeTraversor.traverse(walk, document.body());
        return new HtmlText(
                walk.visible.toString(), walk.hidden, walk.images, walk.forms, document.select("script").size(), walk.links);
    }

    /** Goes through the tree once; counts how deep it is in something hidden. */
    private static final class Walk implements NodeVisitor {
        private final StringBuilder visible = new StringBuilder();
        private final List<Link> links = new ArrayList<>();
        private int hidden;
        private int hiddenDepth = Integer.MAX_VALUE;
        private int images;
        private int forms;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode text) {
                text(text.getWholeText());
            } else if (node instanceof Element element) {
                if (depth < hiddenDepth && (depth > MAX_DEPTH || hides(element))) {
                    hiddenDepth = depth;
                }
                element(element);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (depth == hiddenDepth) {
                hiddenDepth = Integer.MAX_VALUE;
            }
            if (node instanceof Element element && element.isBlock()) {
                visible.append('\n');
            }
        }

        private void text(String text) {
            if (hiddenDepth != Integer.MAX_VALUE) {
                hidden += text.strip().length();
            } else if (visible.length() < MAX_VISIBLE) {
                visible.append(text, 0, Math.min(text.length(), MAX_VISIBLE - visible.length()));
            }
        }

        private void element(Element element) {
            switch (element.normalName()) {
                case "a", "area" -> {
                    if (element.hasAttr("href") && links.size() < MAX_LINKS) {
                        links.add(new Link(element.attr("href"), start(element)));
                    }
                }
                case "img" -> images++;
                case "form", "input", "textarea" -> forms++;
                case "br" -> visible.append('\n');
                default -> {
                    // Says nothing.
                }
            }
        }

        /** What a link is called, as far as anybody looks: links in links (by way of tables) must not be read again and again. */
        private static String start(Element link) {
            StringBuilder text = new StringBuilder();
            link.nodeStream().limit(MAX_LINK_NODES).takeWhile(node -> text.length() < Link.MAX_SHOWN).forEach(node -> {
                if (node instanceof TextNode part) {
                    String piece = part.getWholeText();
                    text.append(piece, 0, Math.min(piece.length(), MAX_LINK_PIECE));
                } else if (node instanceof Element element && (element.isBlock() || element.normalName().equals("br"))) {
                    text.append(' ');
                }
            });
            String plain = text.toString().replaceAll("\\s+", " ").strip();
            return plain.substring(0, Math.min(plain.length(), Link.MAX_SHOWN));
        }

        /** What mail programs do not show, or show so that nobody can read it. */
        private static boolean hides(Element element) {
            if (element.hasAttr("hidden") || element.normalName().equals("style")) {
                return true;
            }
            String style = element.attr("style");
            if (style.isEmpty()) {
                return "0".equals(element.attr("size")) && element.normalName().equals("font");
            }
            String plain = style.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
            return plain.contains("display:none") || plain.contains("visibility:hidden") || plain.contains("opacity:0;")
                    || plain.endsWith("opacity:0") || plain.contains("font-size:0") || plain.contains("font-size:1px")
                    || plain.contains("color:transparent") || plain.contains("max-height:0") || sameColors(plain);
        }

        private static boolean sameColors(String style) {
            String color = value(style, "color:");
            String background = value(style, "background-color:");
            return !color.isEmpty() && color.equals(background);
        }

        private static String value(String style, String property) {
            int at = style.startsWith(property) ? 0 : style.indexOf(";" + property);
            if (at < 0) {
                return "";
            }
            int start = style.indexOf(':', at) + 1;
            int end = style.indexOf(';', start);
            return style.substring(start, end < 0 ? style.length() : end);
        }
    }
}
