package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeHtmlTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>", "<a href=' java\tscript:alert(1)'>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='vbscript:x'>x</a>", "<iframe src=https://evil.example>",
        "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=x.swf><embed src=x.swf>",
        "<form action=https://evil.example><input name=password>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<base href=https://evil.example>",
        "<link rel=stylesheet href=https://evil.example/x.css>", "<style>@import 'https://evil.example'; * { background: url(x) }</style>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><img src=x onerror=alert(1)></template>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>", "<video src=x poster=x onerror=alert(1)>",
        "<div style='background:url(https://evil.example/x)'>x</div>", "<div style='position:fixed;top:0'>x</div>",
        "<div style='width:expression(alert(1))'>x</div>", "<div style='back\\67round:url(x)'>x</div>",
        "<div style='background:u/**/rl(x)'>x</div>", "<div style='color:red;margin:-9999px'>x</div>",
        "<div id=location name=forms class=hidden>x</div>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "<img src='data:text/html;base64,PHNjcmlwdD4='>",
        "<img src='file:///etc/passwd'>", "<img src='//evil.example/x'>", "<table background=https://evil.example/x><tr><td>x",
        "<!--[if IE]><script>alert(1)</script><![endif]-->", "<?xml-stylesheet href='x'?>", "<![CDATA[<script>alert(1)</script>]]>",
        "<a href=https://ok.example onclick=alert(1) target=_top>x</a>", "<body onload=alert(1)>x",
        "<img src=cid:a srcset='https://evil.example/x 2x'>"
    })
    void nothingIsLeftThatRunsLoadsOrPretends(String html) {
        String safe = SafeHtml.of(html, false).html();
        for (Element element : Jsoup.parse(safe).body().getAllElements()) {
            assertThat(element.normalName()).isNotIn("script", "style", "svg", "math", "iframe", "object", "embed", "form", "input", "meta",
                    "base", "link", "noscript", "template", "textarea", "video", "mglyph");
            for (Attribute attribute : element.attributes()) {
                String value = attribute.getValue().toLowerCase(Locale.ROOT);
                assertThat(attribute.getKey()).doesNotStartWith("on").isNotIn("id", "name", "class", "srcset", "srcdoc", "background",
                        "poster", "action");
                assertThat(value).doesNotContain("script:", "url(", "expression", "position", "data:text", "svg", "file:",
                        "evil.example", "-9999",
                        "_top");
            }
        }
        assertThat(Jsoup.parse(safe).body().html()).isEqualTo(Jsoup.parse(Jsoup.parse(safe).body().html()).body().html());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <p>Hello <b>you</b></p>                                | <p>Hello <b>you</b></p>
            <p style="color: red; position: fixed">x</p>           | <p style="color: red">x</p>
            <td>x</td>                                             | x

            <table><tr><td colspan=2>x</table>                     | <table><tbody><tr><td colspan="2">x</td></tr></tbody></table>
            <img src="cid:a@b.example" alt=x>                      | <img src="cid:a@b.example" alt="x">
            <img src="data:image/png;base64,AAAA">                 | <img src="data:image/png;base64,AAAA">
            <font color=#00f style="background:rgb(1, 2, 3)">x     | <font color="#00f" style="background: rgb(1, 2, 3)">x</font>
            <blockquote type=cite>x</blockquote>                   | <blockquote type="cite">x</blockquote>
            """)
    void whatMailLooksLikeStays(String html, String expected) {
        assertThat(SafeHtml.of(html, false).html()).isEqualTo(expected);
    }

    @Test
    void linksOpenElsewhereAndTellNobodyWhereFrom() {
        assertThat(SafeHtml.of("<a href='https://a.example/?b=1&amp;c'>x</a>", false).html())
                .contains("href=\"https://a.example/?b=1&amp;c\"", "target=\"_blank\"", "rel=\"noopener noreferrer nofollow\"");
        assertThat(SafeHtml.of("<a href='mailto:a@b.example'>x</a>", false).html()).contains("href=\"mailto:a@b.example\"");
    }

    @Test
    void picturesOfOthersAreCountedAndComeOnlyWhenAskedFor() {
        String html = "<img src='https://a.example/1.png' width=1><img src='HTTP://b.example/2.png'><img src='cid:x'>";
        assertThat(SafeHtml.of(html, false)).satisfies(safe -> {
            assertThat(safe.remotePictures()).isEqualTo(2);
            assertThat(safe.html()).doesNotContain("example").contains("cid:x", "width=\"1\"");
        });
        assertThat(SafeHtml.of(html, true).html()).contains("https://a.example/1.png", "http://b.example/2.png",
                "referrerpolicy=\"no-referrer\"");
    }

    @Test
    void deepAndHugeDocumentsAreRead() {
        assertThat(SafeHtml.of("<div>".repeat(20_000) + "deep", false).html()).contains("deep");
        assertThat(SafeHtml.of("<table>" + "<tr><td>x".repeat(20_000), false).html()).endsWith("</table>");
        assertThatThrownBy(() -> SafeHtml.of("x".repeat(SafeHtml.MAX_CHARACTERS + 1), false)).isInstanceOf(IllegalArgumentException.class);
    }
}
