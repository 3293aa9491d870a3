package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random trees are rendered and parsed: the parts are where they were put. Hostile input takes bounded work. */
class MimePropertyTest {
    private static final MimeParser.Limits LIMITS = MimeParser.Limits.DEFAULTS;

    /** Writes a random message and remembers its tree. */
    private static final class Renderer {
        private final Random random;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int boundaries;

        Renderer(long seed) {
            random = new Random(seed);
        }

        private void line(String text) {
            out.writeBytes((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        private int at() {
            return out.size();
        }

        MimePart part(int depth) {
            int start = at();
            int kind = depth > 4 ? 0 : random.nextInt(4);
            return switch (kind) {
                case 1 -> multipart(start, depth);
                case 2 -> message(start, depth);
                default -> leaf(start);
            };
        }

        private MimePart leaf(int start) {
            line("Content-Type: text/plain");
            line("Content-ID: <" + start + ">");
            line("");
            int body = at();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(5); i > 0; i--) {
                text.append(random.nextBoolean() ? "--b" + random.nextInt(boundaries + 1) + "x" : "text").append("\r\n");
            }
            text.append(random.nextBoolean() ? "no line end" : "");
            out.writeBytes(text.toString().getBytes(StandardCharsets.US_ASCII));
            long lines = text.chars().filter(c -> c == '\n').count();
            return new MimePart(new ContentType("text", "plain", Parameters.NONE), "7bit", null, "<" + start + ">", null, null, List.of(),
                    null, start, body, at(), lines, List.of());
        }

        private MimePart message(int start, int depth) {
            line("Content-Type: message/rfc822");
            line("");
            MimePart inner = part(depth + 1);
            return new MimePart(ContentType.MESSAGE, "7bit", null, null, null, null, List.of(), null, start, inner.headerStart(), at(),
                    lines(inner.headerStart()), List.of(inner));
        }

        private MimePart multipart(int start, int depth) {
            String boundary = "b" + boundaries++ + "=" + "y".repeat(random.nextInt(60));
            line("Content-Type: multipart/mixed; boundary=\"" + boundary + '"');
            line("");
            int body = at();
            line("preamble" + (random.nextBoolean() ? "\r\n--" + boundary + "-" : ""));
            List<MimePart> children = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                line((children.isEmpty() ? "" : "\r\n") + "--" + boundary + (random.nextBoolean() ? "  " : ""));
                children.add(part(depth + 1));
            }
            line("\r\n--" + boundary + "--");
            line("epilogue");
            Parameters parameters = new Parameters(List.of(new Parameters.Parameter("boundary", boundary)));
            return new MimePart(new ContentType("multipart", "mixed", parameters), "7bit", null, null, null, null, List.of(), null,
                    start, body, at(), lines(body), children);
        }

        private long lines(long from) {
            byte[] all = out.toByteArray();
            long count = 0;
            for (int i = (int) from; i < all.length; i++) {
                count += all[i] == '\n' ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void partsAreWhereTheyWerePut() throws IOException {
        for (long seed = 1; seed <= 2_000; seed++) {
            Renderer renderer = new Renderer(seed);
            MimePart written = renderer.part(0);
            byte[] message = renderer.out.toByteArray();
            assertThat(MimeParser.parse(message, LIMITS).root()).as("seed %d", seed).isEqualTo(written);
            assertThat(MimeParser.parse(new ByteArrayInputStream(message), LIMITS).root()).isEqualTo(written);
            byte[] lineFeeds = new String(message, StandardCharsets.ISO_8859_1).replace("\r", "").getBytes(StandardCharsets.ISO_8859_1);
            assertThat(MimeParser.parse(lineFeeds, LIMITS).root()).as("seed %d, LF", seed).isEqualTo(written);
            assertThat(MimeStructure.decode(MimeStructure.encode(written))).contains(written);
        }
    }

    @Test
    void structureOfAnotherVersionOrDamagedIsNone() {
        byte[] good = MimeStructure.encode(new Renderer(5).part(0));
        assertThat(MimeStructure.decode(new byte[0])).isEmpty();
        byte[] other = good.clone();
        other[0] = 99;
        assertThat(MimeStructure.decode(other)).isEmpty();
        for (int length = 0; length < good.length; length++) {
            assertThat(MimeStructure.decode(Arrays.copyOf(good, length))).isEmpty();
        }
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = good.clone();
            damaged[1 + random.nextInt(damaged.length - 1)] = (byte) random.nextInt();
            MimeStructure.decode(damaged); // Throws nothing.
        }
    }

    /** Used by the fuzz target too. */
    static void checkAnything(byte[] message) {
        MimeParser.Limits limits = new MimeParser.Limits(8, 30, 2_000, 50, 6_000);
        MimeMessage parsed = MimeParser.parse(message, limits);
        assertThat(parsed.size()).isBetween((long) message.length, 2L * message.length);
        assertInside(parsed.root(), 0, parsed.size());
        assertThat(MimeStructure.decode(MimeStructure.encode(parsed.root()))).contains(parsed.root());
        assertThat(parsed.header()).isNotNull();
        try {
            byte[] served = new CrlfInputStream(new ByteArrayInputStream(message)).readAllBytes();
            assertThat(served).hasSize((int) parsed.size());
            MimeMessage again = MimeParser.parse(new ByteArrayInputStream(served), limits);
            if (!again.limited() && !parsed.limited()) {
                assertThat(again.root()).isEqualTo(parsed.root());
            }
            String text = MessageText.of(parsed.root(), MessageOctets.of(served), 10_000);
            assertThat(text).hasSizeLessThanOrEqualTo(10_000);
            String preview = Preview.of(parsed.root(), MessageOctets.of(served));
            assertThat(preview).doesNotContain("\n", "\r", "\0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertInside(MimePart part, long from, long to) {
        assertThat(part.headerStart()).isGreaterThanOrEqualTo(from);
        assertThat(part.end()).isLessThanOrEqualTo(to);
        assertThat(part.lines()).isLessThanOrEqualTo(part.bodyOctets());
        long next = part.bodyStart();
        for (MimePart child : part.children()) {
            assertInside(child, next, part.end());
            next = child.end();
        }
    }

    @Test
    void cutAnywhereStaysInBounds() {
        for (long seed = 1; seed <= 30; seed++) {
            Renderer renderer = new Renderer(seed);
            renderer.part(0);
            byte[] message = renderer.out.toByteArray();
            for (int length = 0; length < Math.min(message.length, 1_500); length++) {
                checkAnything(Arrays.copyOf(message, length));
            }
        }
    }

    @Test
    void hostileMessagesTakeBoundedWork() {
        // Each would take minutes if work grew with the square of the size.
        StringBuilder nested = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n--b").append(i).append("\r\n");
        }
        assertThat(parse(nested.toString()).limited()).isTrue();
        assertThat(parse("Content-Type: message/rfc822\r\n\r\n".repeat(100_000)).limited()).isTrue();
        String many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\n".repeat(500_000);
        assertThat(parse(many).root().children()).hasSizeLessThan(LIMITS.parts());
        assertThat(parse("X: y\r\n".repeat(500_000) + "\r\nbody").limited()).isTrue();
        assertThat(parse("X: " + "y".repeat(5_000_000)).limited()).isTrue();
        assertThat(parse("Content-Type: text/plain" + "; a*0=x".repeat(100_000)).root().contentType().parameters().all()).hasSize(1);
        assertThat(parse("Content-Type: " + "(".repeat(500_000)).root().contentType()).isEqualTo(ContentType.TEXT_PLAIN);
        assertThat(HeaderText.decodeWords("=?utf-8?Q?x".repeat(200_000))).hasSize(2_200_000);
        assertThat(AddressList.parse("\"".repeat(300_000)).mailboxes()).hasSizeLessThan(10_001);
        assertThat(AddressList.parse("<".repeat(300_000)).mailboxes()).hasSize(1);
        assertThat(AddressList.parse("(".repeat(300_000)).mailboxes()).isEmpty();
        assertThat(MessageIds.parse("<".repeat(300_000) + ">".repeat(300_000))).isEmpty();
    }

    private static MimeMessage parse(String text) {
        return MimeParser.parse(text.getBytes(StandardCharsets.US_ASCII), LIMITS);
    }

    @Test
    void fuzzShort() {
        Renderer renderer = new Renderer(11);
        renderer.part(0);
        Fuzz.octets(List.of(renderer.out.toByteArray()), MimePropertyTest::checkAnything);
    }
}
