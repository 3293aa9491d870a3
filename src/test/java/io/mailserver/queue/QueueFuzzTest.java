package io.mailserver.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damaged octets on disk are refused or read as something else, but never end in a bug. */
class QueueFuzzTest {
    private static final int SEAL = 99;
    private static final Fact.Updated UPDATED = new Fact.Updated(
            5, new int[] {0, 300}, new Fact.Step[] {Fact.Step.GONE, new Fact.Step(RecipientStatus.HELD, 3, 1_800_000_000L, true)});
    private static final Fact.Added ADDED = new Fact.Added(
            5, 1_790_000_000L, "alice@example.com", -1, 1_790_000_010L, List.of("example.net", "[192.0.2.1]"), Fact.Step.NONE,
            new Fact.Urgency(-3, 1_790_000_100L, true));

    @Test
    void facts() {
        Fuzz.octets(List.of(FactCodec.encode(UPDATED), FactCodec.encode(ADDED)), octets -> {
            for (RecordType type : RecordType.values()) {
                try {
                    Fact fact = FactCodec.decode(type, new RecordReader(octets));
                    assertThat(FactCodec.encode(fact)).isNotEmpty();
                } catch (DamagedRecordException e) {
                    assertThat(e).hasMessageStartingWith("damaged");
                }
            }
        });
    }

    @Test
    void details() {
        byte[] detail = Detail.encode(new Detail.Stored(Letters.to("bob@example.net", "c@example.org"), 77, List.of("450 busy", "")));
        Fuzz.octets(List.of(detail), octets -> {
            try {
                assertThat(Detail.stored(octets).envelope().recipients()).isNotEmpty();
            } catch (DamagedRecordException e) {
                assertThat(e).hasMessageStartingWith("damaged");
            }
        });
    }

    @Test
    void segments() {
        ByteBuffer segment = ByteBuffer.allocate(4096);
        segment.position(Segment.HEADER_OCTETS);
        RecipientState state = RecipientState.fresh(SimulatedDisk.START);
        for (int i = 0; i < 5; i++) {
            byte[] detail = Detail.encodeReplies(List.of(state, state));
            LogRecord.of(RecordType.UPDATED, UPDATED, detail).writeTo(segment, SEAL, segment.position(), i);
            new LogRecord(RecordType.ADDED, FactCodec.encode(ADDED), detail, new byte[40]).writeTo(segment, SEAL, segment.position(), i);
        }
        byte[] whole = new byte[segment.position()];
        segment.get(0, whole);
        Fuzz.octets(List.of(whole), octets -> {
            for (long end : new long[] {-1, octets.length}) {
                assertThat(scan(octets, end)).isLessThanOrEqualTo(Math.max(octets.length, Segment.HEADER_OCTETS));
            }
        });
    }

    private static int scan(byte[] octets, long end) {
        try {
            return new SegmentScan(1, SEAL, octets, end, new SegmentScan.Visitor() {
                @Override
                public void record(Place place, LogRecord.Header header, byte[] all) throws IOException {
                    int factAt = place.offset() + LogRecord.HEADER_OCTETS;
                    assertThat(FactCodec.decode(header.type(), new RecordReader(all, factAt, header.factOctets()))).isNotNull();
                }

                @Override
                public void damage(Place place, int length) {
                    assertThat(length).isPositive();
                }
            }).run(0);
        } catch (IOException e) {
            throw new AssertionError("a record with a good sum cannot be read", e);
        }
    }
}
