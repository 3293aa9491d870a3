package io.mailserver.jmap;

import io.mailserver.mime.ContentDisposition;
import io.mailserver.mime.MimePart;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which parts of a message are its text, its HTML, and its attachments (RFC 8621 §4.1.4); and how parts are named. Immutable. */
final class BodyParts {
    private final MimePart root;
    private final IdentityHashMap<MimePart, String> ids = new IdentityHashMap<>();
    private final List<MimePart> text = new ArrayList<>();
    private final List<MimePart> html = new ArrayList<>();
    private final List<MimePart> attachments = new ArrayList<>();

    BodyParts(MimePart root) {
        this.root = root;
        name(root, "");
        sort(List.of(root), "mixed", false, html, text);
    }

    /** As IMAP numbers sections; messages inside are leaves here. */
    private void name(MimePart part, String prefix) {
        if (!isContainer(part)) {
            ids.put(part, prefix.isEmpty() ? "1" : prefix);
            return;
        }
        int number = 1;
        for (MimePart child : part.children()) {
            name(child, prefix.isEmpty() ? Integer.toString(number) : prefix + "." + number);
            number++;
        }
    }

    /** A multipart that could not be taken apart is a leaf, too. */
    static boolean isContainer(MimePart part) {
        return part.isMultipart();
    }

    MimePart root() {
        return root;
    }

    /** Null for a multipart. */
    @Nullable String id(MimePart part) {
        return ids.get(part);
    }

    @Nullable MimePart part(String id) {
        for (Map.Entry<MimePart, String> entry : ids.entrySet()) {
            if (entry.getValue().equals(id)) {
                return entry.getKey();
            }
        }
        return null;
    }

    List<MimePart> text() {
        return text;
    }

    List<MimePart> html() {
        return html;
    }

    List<MimePart> attachments() {
        return attachments;
    }

    /** All parts that are no multiparts, depth first. */
    List<MimePart> leaves() {
        List<MimePart> leaves = new ArrayList<>();
        leaves(root, leaves);
        return leaves;
    }

    private static void leaves(MimePart part, List<MimePart> leaves) {
        if (isContainer(part)) {
            part.children().forEach(child -> leaves(child, leaves));
        } else {
            leaves.add(part);
        }
    }

    /** Something to offer for download: an attachment that is not shown in its place (RFC 8621 §4.1.4). */
    boolean hasAttachment() {
        return attachments.stream().anyMatch(part -> {
            ContentDisposition disposition = part.disposition();
            boolean inline = disposition != null && disposition.type().equals("inline");
            boolean embedded = part.id() != null && isMedia(part) && (disposition == null || !disposition.isAttachment());
            return !inline && !embedded;
        });
    }

    private static boolean isMedia(MimePart part) {
        return switch (part.contentType().type()) {
            case "image", "audio", "video" -> true;
            default -> false;
        };
    }

    private static boolean isText(MimePart part) {
        return part.contentType().is("text", "plain");
    }

    private static boolean isHtml(MimePart part) {
        return part.contentType().is("text", "html");
    }

    /** The algorithm that RFC 8621 §4.1.4 suggests; null lists: no part of that kind is wanted here. */
    private void sort(
            List<MimePart> parts,
            String multipart,
            boolean inAlternative,
            @Nullable List<MimePart> htmlBody,
            @Nullable List<MimePart> textBody) {
        int textLength = textBody == null ? -1 : textBody.size();
        int htmlLength = htmlBody == null ? -1 : htmlBody.size();
        List<MimePart> toHtml = htmlBody;
        List<MimePart> toText = textBody;
        for (int i = 0; i < parts.size(); i++) {
            MimePart part = parts.get(i);
            if (isContainer(part)) {
                String subtype = part.contentType().subtype();
                sort(part.children(), subtype, inAlternative || subtype.equals("alternative"), toHtml, toText);
            } else if (!isInline(part, i, multipart)) {
                attachments.add(part);
            } else if (multipart.equals("alternative")) {
                alternative(part, toHtml, toText);
            } else {
                if (inAlternative && isText(part)) {
                    toHtml = null;
                }
                if (inAlternative && isHtml(part)) {
                    toText = null;
                }
                addTo(toText, part);
                addTo(toHtml, part);
                if ((toText == null || toHtml == null) && isMedia(part)) {
                    attachments.add(part);
                }
            }
        }
        if (multipart.equals("alternative") && toText != null && toHtml != null) {
            if (textLength == toText.size() && htmlLength != toHtml.size()) {
                toText.addAll(List.copyOf(toHtml.subList(htmlLength, toHtml.size())));
            } else if (htmlLength == toHtml.size() && textLength != toText.size()) {
                toHtml.addAll(List.copyOf(toText.subList(textLength, toText.size())));
            }
        }
    }

    private void alternative(MimePart part, @Nullable List<MimePart> toHtml, @Nullable List<MimePart> toText) {
        if (isText(part)) {
            addTo(toText, part);
        } else if (isHtml(part)) {
            addTo(toHtml, part);
        } else {
            attachments.add(part);
        }
    }

    private static void addTo(@Nullable List<MimePart> list, MimePart part) {
        if (list != null) {
            list.add(part);
        }
    }

    private static boolean isInline(MimePart part, int place, String multipart) {
        ContentDisposition disposition = part.disposition();
        boolean attached = disposition != null && disposition.isAttachment();
        boolean shown = isText(part) || isHtml(part) || isMedia(part);
        boolean inPlace = place == 0 || (!multipart.equals("related") && (isMedia(part) || part.fileName().isEmpty()));
        return !attached && shown && inPlace;
    }
}
