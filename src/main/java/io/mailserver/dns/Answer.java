package io.mailserver.dns;

import java.util.List;

/**
 * What became of a question. {@link NoData} and {@link NxDomain} are statements of the DNS; {@link ServFail}, {@link TimedOut} and
 * {@link Bogus} mean that nothing is known, and may be otherwise in a minute.
 *
 * @param <R> the data asked for
 */
public sealed interface Answer<R extends Rdata> {
    /** There are such records. */
    record Found<R extends Rdata>(List<R> records, DnsName owner, boolean authentic) implements Answer<R> {
        /**
         * @param records at least one, in the order they came
         * @param owner the name that holds them: the one asked for, or where its chain of CNAMEs ends
         * @param authentic whether DNSSEC vouches for them and for the chain
         */
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found nothing");
            }
        }
    }

    /** The name exists without records of this type (RFC 2308 §2.2). */
    record NoData<R extends Rdata>(boolean authentic) implements Answer<R> {}

    /** The name does not exist, nor any below it (RFC 2308 §2.1, RFC 8020). */
    record NxDomain<R extends Rdata>(boolean authentic) implements Answer<R> {}

    /** The servers answered that they cannot answer, or answered nonsense. The reason is for logs. */
    record ServFail<R extends Rdata>(String reason) implements Answer<R> {}

    /** No answer came before the deadline. */
    record TimedOut<R extends Rdata>() implements Answer<R> {}

    /** DNSSEC says that the answer is forged or the zone is broken. The reason is for logs. */
    record Bogus<R extends Rdata>(String reason) implements Answer<R> {}

    /** The records; none where there are none or nothing is known. Who must tell these apart asks {@link #temporary}. */
    default List<R> records() {
        return this instanceof Found<R> found ? found.records() : List.of();
    }

    /** Whether nothing is known: temperror for all who check senders. */
    default boolean temporary() {
        return this instanceof ServFail<R> || this instanceof TimedOut<R> || this instanceof Bogus<R>;
    }

    /** Whether the DNS says there are no such records: NXDOMAIN or no data, the void lookups of RFC 7208 §4.6.4. */
    default boolean nothing() {
        return this instanceof NoData<R> || this instanceof NxDomain<R>;
    }

    /** For the log and for people, such as {@code NXDOMAIN}. */
    default String summary() {
        return switch (this) {
            case Found<R> found -> found.records().size() + " records" + (found.authentic() ? ", authentic" : "");
            case NoData<R> noData -> "no such records" + (noData.authentic() ? ", authentic" : "");
            case NxDomain<R> nxDomain -> "no such name" + (nxDomain.authentic() ? ", authentic" : "");
            case ServFail<R> failed -> "server failure: " + failed.reason();
            case TimedOut<R> timedOut -> "no answer in time";
            case Bogus<R> bogus -> "DNSSEC says bogus: " + bogus.reason();
        };
    }
}
