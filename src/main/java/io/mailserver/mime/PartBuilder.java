package io.mailserver.mime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A part while it is being read. */
final class PartBuilder {
    private static final int MAX_LANGUAGES = 100;
    private static final int MAX_ENCODING_LENGTH = 100;

    private final long headerStart;
    private final boolean message;
    private final List<PartBuilder> children = new ArrayList<>();
    private ContentType type = ContentType.TEXT_PLAIN;
    private String encoding = "7bit";
    private @Nullable ContentDisposition disposition;
    private @Nullable String id;
    private @Nullable String description;
    private @Nullable String md5;
    private @Nullable String location;
    private List<String> languages = List.of();
    private long bodyStart;
    private long lineFeedsBefore;
    private long end;
    private long lines;

    /** @param message whether it is the root of a message */
    PartBuilder(long headerStart, boolean message) {
        this.headerStart = headerStart;
        this.message = message;
    }

    boolean isMessage() {
        return message;
    }

    long headerStart() {
        return headerStart;
    }

    ContentType type() {
        return type;
    }

    TransferEncoding transferEncoding() {
        return TransferEncoding.of(encoding);
    }

    void add(PartBuilder child) {
        children.add(child);
    }

    /** @param lineFeeds how many line ends the message had up to there */
    void bodyStart(long offset, long lineFeeds) {
        bodyStart = offset;
        lineFeedsBefore = lineFeeds;
    }

    /** An end before the start of the body, or before the end of a child, is that: then the line end before the boundary is inside. */
    void end(long offset, long lineFeeds) {
        long least = children.isEmpty() ? bodyStart : Math.max(bodyStart, children.getLast().end);
        end = Math.max(least, offset);
        lines = end == bodyStart ? 0 : Math.max(0, lineFeeds + (end > offset ? 1 : 0) - lineFeedsBefore);
    }

    /** Takes what the header says of the body: the first field of each name (RFC 2045 §3). */
    void describe(HeaderBlock header, ContentType defaultType) {
        type = defaultType;
        boolean typed = false;
        boolean encoded = false;
        for (HeaderField field : header.fields()) {
            if (!startsLikeContent(field)) {
                continue;
            }
            switch (field.lowerName()) {
                case "content-type" -> {
                    type = typed ? type : ContentType.parse(HeaderText.raw(field));
                    typed = true;
                }
                case "content-transfer-encoding" -> {
                    encoding = encoded ? encoding : encoding(field);
                    encoded = true;
                }
                case "content-disposition" ->
                    disposition = disposition == null ? ContentDisposition.parse(HeaderText.raw(field)).orElse(null) : disposition;
                case "content-id" -> id = first(id, field);
                case "content-description" -> description = first(description, field);
                case "content-md5" -> md5 = first(md5, field);
                case "content-location" -> {
                    String folded = first(location, field);
                    location = folded == null ? null : folded.replaceAll("\\s", ""); // RFC 2557 §4.4.2.
                }
                case "content-language" -> languages = languages.isEmpty() ? languages(HeaderText.raw(field)) : languages;
                default -> { }
            }
        }
    }

    private static boolean startsLikeContent(HeaderField field) {
        return field.nameLength() > 8 && field.startsWith("content-");
    }

    private static @Nullable String first(@Nullable String known, HeaderField field) {
        String value = known == null ? HeaderText.raw(field) : known;
        return value.isEmpty() ? null : value;
    }

    private static String encoding(HeaderField field) {
        HeaderScanner in = new HeaderScanner(HeaderText.raw(field));
        in.skipSpace();
        String word = in.until(" \t;(").toLowerCase(Locale.ROOT);
        return word.isEmpty() ? "7bit" : word.substring(0, Math.min(word.length(), MAX_ENCODING_LENGTH));
    }

    /** RFC 3282 §2: tags with commas between, comments allowed. */
    private static List<String> languages(String value) {
        return Arrays.stream(value.replaceAll("\\([^)]*\\)", "").split(",", MAX_LANGUAGES + 1))
                .map(String::strip).filter(tag -> !tag.isEmpty()).limit(MAX_LANGUAGES).toList();
    }

    MimePart build() {
        List<MimePart> built = children.stream().map(PartBuilder::build).toList();
        return new MimePart(type, encoding, disposition, id, description, md5, languages, location,
                headerStart, bodyStart, end, lines, built);
    }
}
