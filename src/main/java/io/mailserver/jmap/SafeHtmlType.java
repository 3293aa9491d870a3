package io.mailserver.jmap;

import io.mailserver.mime.BodyText;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.SafeHtml;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** EmailHtml of {@link Owner#CAPABILITY}: the HTML of an email, made harmless; its ids are those of emails. */
final class SafeHtmlType extends EmailCompanion {
    private static final List<String> PROPERTIES = List.of("id", "html", "remotePictures", "isTruncated");
    /** Of all HTML parts of an email together; a UTF-16 unit is at most as many octets of UTF-8. */
    private static final long MAX_OCTETS = 1 << 20;

    SafeHtmlType() {
        super("EmailHtml", PROPERTIES);
    }

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return arguments.bool("withRemotePictures", false);
    }

    @Override
    ObjectNode of(EmailSource source, Object options) throws StoreException, IOException {
        boolean withRemotePictures = (Boolean) options;
        StringBuilder html = new StringBuilder();
        boolean any = false;
        int remote = 0;
        long left = MAX_OCTETS;
        boolean truncated = false;
        for (MimePart part : source.body().html()) {
            if (part.contentType().is("text", "html")) {
                any = true;
                BodyText text = BodyText.of(part, source.octets(), left);
                // Each part by itself: none can open what another one closes.
                SafeHtml safe = SafeHtml.of(text.value(), withRemotePictures);
                html.append(safe.html());
                remote += safe.remotePictures();
                left = Math.max(0, left - text.value().length());
                truncated |= text.truncated();
            }
        }
        return Json.object().put("html", any ? html.toString() : null).put("remotePictures", remote).put("isTruncated", truncated);
    }
}
