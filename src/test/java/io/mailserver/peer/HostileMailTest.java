package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HTML that wants to run, to ask others, or to pretend, opened in a real browser. */
class HostileMailTest extends InTheBrowser {
    /** What would show that something ran, in the page or in the frame. */
    private static final String MARK = "(top.document.title='HACKED',top.hacked=1,window.hacked=1)";

    private static final String FORBIDDEN = "script, form, input, button, iframe, object, embed, svg, math, link[rel], meta[http-equiv],"
            + " base, template, video, audio, [onload], [onerror], [onclick], [onfocus], [ontoggle]";

    @Test
    void nothingRunsAndNobodyIsAsked() throws Exception {
        List<String> all = new ArrayList<>(hostile());
        all.add("<div>".repeat(5000) + "deep" + "</div>".repeat(5000));
        all.add("<table>" + "<tr><td>cell</td></tr>\n".repeat(20_000) + "</table>");
        for (int i = 0; i < all.size(); i++) {
            String html = all.get(i).replace("MARK", MARK).replace("URL", server.elsewhere("/" + i));
            server.receiveHtml("Mallory <m" + i + "@sender.example>", "hostile " + i, html + "\n<p>end of " + i + "</p>");
        }
        Chromium.Page page = server.signedIn();
        for (int i = 0; i < all.size(); i++) {
            open(page, "hostile " + i);
            page.waitFor("(" + frame() + ").readyState === 'complete' && (" + frame() + ").body.childNodes.length > 0");
            assertThat(page.value("top.hacked === undefined && !document.title.includes('HACKED')"
                    + " && (" + frame() + ").defaultView.hacked === undefined").asBoolean()).as(all.get(i)).isTrue();
            assertThat(page.value("(" + frame() + ").querySelectorAll('" + FORBIDDEN + "').length").asInt())
                    .as("only the link to our own styles: " + all.get(i)).isEqualTo(1);
            assertThat(page.value("[...(" + frame() + ").querySelectorAll('a[href]')].every(a => /^(https?|mailto|tel):/.test(a.href)"
                    + " && a.target === '_blank' && a.relList.contains('noopener'))").asBoolean()).as(all.get(i)).isTrue();
        }
        assertThat(server.visits).isEmpty();
        assertThat(page.requests)
                .allMatch(url -> url.startsWith(server.base()) || url.startsWith("data:") || url.equals("about:blank"));
    }

    @Test
    void picturesComeOnlyWhenAskedFor() throws Exception {
        server.receiveHtml("Shop <shop@sender.example>", "pictures",
                "<p>Look</p><img src='" + server.elsewhere("/picture.png") + "'><script>" + MARK + "</script>");
        Chromium.Page page = server.signedIn();
        open(page, "pictures");
        page.waitForText(".notice", "Pictures from other sites are not shown");
        assertThat(server.visits).isEmpty();
        page.click(".notice button", "Show pictures");
        page.waitFor("(" + frame() + ").location.pathname === '/frame-pictures.html'");
        page.waitFor("(" + frame() + ").querySelector('img[src]')?.complete");
        assertThat(server.visits).containsExactly("/picture.png");
        assertThat(page.value("top.hacked === undefined").asBoolean()).isTrue();
    }

    @Test
    void aLinkThatLiesSaysSo() throws Exception {
        server.receiveHtml("Bank <bank@sender.example>", "lies",
                "<a href='https://evil.example/login'>https://www.bank.example/login</a>\n"
                        + "<p><a href='https://www.honest.example/a'>honest.example</a>");
        Chromium.Page page = server.signedIn();
        open(page, "lies");
        page.waitFor("(" + frame() + ").body.textContent.includes('honest')");
        assertThat(page.value("(" + frame() + ").body.textContent").asString())
                .contains("[→ evil.example]").doesNotContain("[→ www.honest");
    }

    /** What is called a picture or a text and is a page is never shown as a page of ours. */
    @Test
    void attachmentsThatLieAboutWhatTheyAre() throws Exception {
        server.receive("Mallory <m@sender.example>", "disguised", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n", """
                --b
                Content-Type: text/plain

                see the files
                --b
                Content-Type: text/html; name="page.html"
                Content-Disposition: attachment; filename="page.html"

                <script>MARK</script>
                --b
                Content-Type: image/svg+xml; name="drawing.svg"
                Content-Disposition: attachment; filename="drawing.svg"

                <svg xmlns="http://www.w3.org/2000/svg" onload="MARK"><script>MARK</script></svg>
                --b
                Content-Type: image/png; name="picture.png"
                Content-Disposition: attachment; filename="picture.png"

                <html><script>MARK</script></html>
                --b--
                """.replace("MARK", MARK));
        Chromium.Page page = server.signedIn();
        open(page, "disguised");
        for (String name : List.of("page.html", "drawing.svg", "picture.png")) {
            page.click(".attachment", name);
            page.waitForText("dialog h2", name);
            page.click("dialog header button");
            page.waitFor("!document.querySelector('dialog')");
        }
        // As the links are, opened as a person might by hand.
        List<String> links = new ArrayList<>();
        page.value("[...document.querySelectorAll('.attachments a')].map(a => a.href)").forEach(link -> links.add(link.asString()));
        assertThat(links).hasSize(3);
        for (String link : links) {
            assertThat(page.value("fetch(" + Chromium.quoted(link) + ").then(r => [...r.headers].join())").asString())
                    .contains("content-disposition,attachment", "nosniff").doesNotContain("text/html");
        }
        assertThat(page.value("top.hacked === undefined").asBoolean()).isTrue();
    }

    /** Pieces of HTML; each wants one thing: URL is a site that notes every visit, MARK a script. */
    private static List<String> hostile() throws IOException {
        try (InputStream in = HostileMailTest.class.getResourceAsStream("/webmail/hostile.txt")) {
            assertThat(in).isNotNull();
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n-----\n", -1));
        }
    }

    private static String frame() {
        return "document.querySelector('iframe.html-body').contentDocument";
    }

    /** Finds it by its row, wherever in the list that is. */
    private static void open(Chromium.Page page, String subject) throws Exception {
        page.waitFor("""
                (() => {
                  const row = [...document.querySelectorAll('.row')].find(r => r.querySelector('.subject')?.textContent === %s);
                  const rows = document.querySelector('.rows');
                  if (row) row.click();
                  else if (rows) rows.scrollTop = rows.scrollTop + rows.clientHeight >= rows.scrollHeight ? 0 : rows.scrollTop + 600;
                  return row;
                })()""".formatted(Chromium.quoted(subject)));
        page.waitForText(".thread-subject", subject);
        page.waitFor("document.querySelector('.thread .body')");
    }
}
