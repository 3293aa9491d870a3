package io.mailserver.mime;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

/**
 * HTML of a stranger, made harmless: only what is known to do nothing but show text, tables and pictures is left. No scripts, styles of the
 * whole document, forms, frames, SVG, MathML, names or classes; links lead to web pages and addresses only; of inline styles, what cannot
 * load or lay itself over anything. What is left parses to the same tree again, as no element is left whose content is read by other
 * rules. Immutable.
 *
 * @param html a fragment for the body of a document
 * @param remotePictures how many pictures of other servers there are; they tell the sender that the mail was read
 */
public record SafeHtml(String html, int remotePictures) {
    /** In characters; what is longer is cut by whoever calls. */
    public static final int MAX_CHARACTERS = 2 << 20;

    private static final Safelist LIST = list();
    private static final Pattern REMOTE = Pattern.compile("(?i)https?:.*", Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("(?i)data:image/(?:png|jpe?g|gif|webp|bmp|avif);base64,[a-z0-9+/=\\s]*+");
    private static final Pattern CONTENT_ID = Pattern.compile("(?i)cid:[^\\s\"'<>]{1,500}");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9 #%.,()'\"!+_-]{1,300}");
    private static final Pattern FUNCTION = Pattern.compile("([A-Za-z-]*)\\s*\\(");
    private static final Pattern NEGATIVE = Pattern.compile("-\\s*\\.?[0-9]");
    private static final Set<String> FUNCTIONS = Set.of("rgb", "rgba", "hsl", "hsla");
    /** Nothing that takes its element out of the flow of text. */
    private static final Set<String> STYLES = Set.of(("background background-color border border-bottom border-collapse border-color "
            + "border-left border-radius border-right border-spacing border-style border-top border-width clear color direction display "
            + "float font font-family font-size font-style font-variant font-weight height letter-spacing line-height list-style "
            + "list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width "
            + "overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout text-align text-decoration "
            + "text-indent text-transform vertical-align white-space width word-break word-spacing word-wrap").split(" ", -1));

    /**
     * Makes HTML harmless.
     *
     * @param html at most {@link #MAX_CHARACTERS}
     * @param withRemotePictures whether pictures of other servers stay
     */
    public static SafeHtml of(String html, boolean withRemotePictures) {
        if (html.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("at most " + MAX_CHARACTERS + " characters");
        }
        Document clean = new Cleaner(LIST).clean(Jsoup.parse(html));
        clean.outputSettings().prettyPrint(false);
        int remote = 0;
        for (Element element : clean.body().getAllElements()) {
            if (element.hasAttr("style")) {
                restyle(element);
            }
            if (element.normalName().equals("img")) {
                remote += picture(element, withRemotePictures) ? 1 : 0;
            } else if (element.normalName().equals("a") && element.hasAttr("href")) {
                element.attr("target", "_blank").attr("rel", "noopener noreferrer nofollow");
            }
        }
        return new SafeHtml(clean.body().html(), remote);
    }

    /** @return whether it is on another server */
    private static boolean picture(Element picture, boolean withRemotePictures) {
        String source = picture.attr("src").strip();
        boolean remote = REMOTE.matcher(source).matches();
        boolean stays = remote ? withRemotePictures : INLINE.matcher(source).matches() || CONTENT_ID.matcher(source).matches();
        if (!stays) {
            picture.removeAttr("src");
        } else if (remote) {
            picture.attr("referrerpolicy", "no-referrer").attr("loading", "lazy");
        }
        return remote;
    }

    private static void restyle(Element element) {
        StringBuilder left = new StringBuilder();
        String style = element.attr("style");
        // A backslash or a comment could hide what is written; nobody's mail needs them.
        if (style.indexOf('\\') < 0 && !style.contains("/*")) {
            for (String declaration : style.split(";", -1)) {
                int colon = declaration.indexOf(':');
                String name = colon < 0 ? "" : declaration.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                String value = declaration.substring(colon + 1).strip();
                if (STYLES.contains(name) && isHarmless(value)) {
                    left.append(left.isEmpty() ? "" : "; ").append(name).append(": ").append(value);
                }
            }
        }
        if (left.isEmpty()) {
            element.removeAttr("style");
        } else {
            element.attr("style", left.toString());
        }
    }

    private static boolean isHarmless(String value) {
        if (!VALUE.matcher(value).matches() || NEGATIVE.matcher(value).find()) {
            return false;
        }
        Matcher functions = FUNCTION.matcher(value);
        while (functions.find()) {
            if (!FUNCTIONS.contains(functions.group(1).toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    private static Safelist list() {
        return new Safelist()
                .addTags("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
                        "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
                        "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
                        "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small",
                        "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
                        "time", "tr", "tt", "u", "ul", "var", "wbr")
                .addAttributes(":all", "style", "dir", "lang", "title", "align", "valign", "bgcolor")
                .addAttributes("a", "href")
                .addAttributes("blockquote", "type")
                .addAttributes("col", "span", "width")
                .addAttributes("colgroup", "span", "width")
                .addAttributes("font", "color", "face", "size")
                .addAttributes("hr", "color", "size", "width")
                .addAttributes("img", "alt", "border", "height", "src", "width")
                .addAttributes("li", "value")
                .addAttributes("ol", "start", "type")
                .addAttributes("table", "border", "cellpadding", "cellspacing", "height", "width")
                .addAttributes("td", "colspan", "height", "nowrap", "rowspan", "width")
                .addAttributes("th", "colspan", "height", "nowrap", "rowspan", "scope", "width")
                .addAttributes("tr", "height")
                .addAttributes("ul", "type")
                .addProtocols("a", "href", "http", "https", "mailto", "tel")
                .addProtocols("img", "src", "http", "https", "cid", "data");
    }
}
