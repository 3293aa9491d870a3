package io.mailserver.simulation;

import io.mailserver.base.SystemTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Throws damaged input at a parser: pieces of good examples cut, doubled, swapped and sprinkled with odd octets. Runs a few thousand
 * inputs, always the same ones, or new ones for the seconds of the system property {@code fuzz.seconds}. A failure prints the seed of
 * its input; {@code fuzz.seed} repeats it alone.
 */
public final class Fuzz {
    private static final int DEFAULT_INPUTS = 3_000;
    private static final int MAX_OCTETS = 64 << 10;
    private static final String ODD = "\0\r\n\t \"'()<>@,;:\\/[]=%{}$~^.-_0129aZ\u007f\u0080\u00ff";

    private Fuzz() {}

    /** As {@link #octets} with texts whose chars are octets. */
    public static void texts(List<String> examples, Consumer<String> parser) {
        octets(examples.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList(),
                octets -> parser.accept(new String(octets, StandardCharsets.ISO_8859_1)));
    }

    /**
     * @param examples good inputs to start from
     * @param parser throws for a defect; an input that it refuses in its own way is fine
     */
    public static void octets(List<byte[]> examples, Consumer<byte[]> parser) {
        Long only = Long.getLong("fuzz.seed");
        if (only != null) {
            run(only, examples, parser);
            return;
        }
        long seconds = Long.getLong("fuzz.seconds", 0);
        // The short form is the same each time: a failure in it is one that the change made.
        long first = seconds > 0 ? new Random().nextLong() >>> 16 : 1;
        try (SystemTime time = new SystemTime()) {
            long start = time.nanos();
            for (long i = 0; seconds > 0 ? time.nanos() - start < Duration.ofSeconds(seconds).toNanos() : i < DEFAULT_INPUTS; i++) {
                run(first + i, examples, parser);
            }
        }
    }

    private static void run(long seed, List<byte[]> examples, Consumer<byte[]> parser) {
        byte[] input = damage(new Random(seed), examples);
        try {
            parser.accept(input);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            String text = new String(input, 0, Math.min(input.length, 2_000), StandardCharsets.ISO_8859_1);
            throw new AssertionError(String.format(Locale.ROOT, "-Dfuzz.seed=%d fails with input:%n%s", seed, text), e);
        }
    }

    private static byte[] damage(Random random, List<byte[]> examples) {
        StringBuilder text = new StringBuilder(example(random, examples));
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + 1 + random.nextInt(16));
            switch (random.nextInt(6)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(20)));
                case 2 -> text.insert(at, ODD.charAt(random.nextInt(ODD.length())));
                case 3 -> text.replace(at, end, String.valueOf(ODD.charAt(random.nextInt(ODD.length()))));
                case 4 -> {
                    String other = example(random, examples);
                    int from = random.nextInt(other.length() + 1);
                    text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(40)));
                }
                default -> text.setLength(at);
            }
        }
        text.setLength(Math.min(text.length(), MAX_OCTETS));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String example(Random random, List<byte[]> examples) {
        return new String(examples.get(random.nextInt(examples.size())), StandardCharsets.ISO_8859_1);
    }
}
