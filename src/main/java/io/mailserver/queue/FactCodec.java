package io.mailserver.queue;

import io.mailserver.smtp.Handling;
import java.util.ArrayList;
import java.util.List;

/** {@link Fact}s as octets. The record's type is told apart from it. */
final class FactCodec {
    private static final int DELAY_NOTIFIED = 1;
    private static final int HAS_STEPS = 1;
    /** Since format 3. */
    private static final int HAS_URGENCY = 2;

    private FactCodec() {}

    static byte[] encode(Fact fact) {
        RecordWriter out = new RecordWriter().number(fact.id());
        switch (fact) {
            case Fact.Added added -> {
                out.number(added.created()).number(added.due() - added.created()).number(added.fileOctets() + 1);
                out.text(added.account()).number(added.destinations().size());
                added.destinations().forEach(out::text);
                boolean urgent = !added.urgency().equals(Fact.Urgency.USUAL);
                out.octet((added.steps().length == 0 ? 0 : HAS_STEPS) | (urgent ? HAS_URGENCY : 0));
                if (urgent) {
                    out.octet(added.urgency().priority() + Handling.MAX_PRIORITY).number(added.urgency().deadline())
                            .octet(added.urgency().returned() ? 1 : 0);
                }
                for (Fact.Step step : added.steps()) {
                    write(out, step);
                }
            }
            case Fact.Updated updated -> {
                out.number(updated.recipients().length);
                for (int i = 0; i < updated.recipients().length; i++) {
                    out.number(updated.recipients()[i]);
                    write(out, updated.steps()[i]);
                }
            }
            case Fact.Deleted deleted -> { }
        }
        return out.toOctets();
    }

    static Fact decode(RecordType type, RecordReader in) throws DamagedRecordException {
        long id = in.number();
        return switch (type) {
            case ADDED -> {
                long created = in.number();
                long due = created + in.number();
                long fileOctets = in.number() - 1;
                String account = in.text();
                int count = in.count(QueueEnvelope.MAX_RECIPIENTS);
                List<String> destinations = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    destinations.add(in.text());
                }
                int parts = in.octet();
                if ((parts & ~(HAS_STEPS | HAS_URGENCY)) != 0) {
                    throw new DamagedRecordException("a message with parts " + parts);
                }
                Fact.Urgency urgency = (parts & HAS_URGENCY) == 0
                        ? Fact.Urgency.USUAL : new Fact.Urgency(Detail.priority(in), in.number(), in.octet() != 0);
                Fact.Step[] steps = (parts & HAS_STEPS) == 0 ? Fact.Step.NONE : new Fact.Step[count];
                for (int i = 0; i < steps.length; i++) {
                    steps[i] = step(in);
                }
                yield new Fact.Added(id, created, account, fileOctets, due, destinations, steps, urgency);
            }
            case UPDATED -> {
                int count = in.count(QueueEnvelope.MAX_RECIPIENTS);
                int[] recipients = new int[count];
                Fact.Step[] steps = new Fact.Step[count];
                for (int i = 0; i < count; i++) {
                    recipients[i] = in.count(QueueEnvelope.MAX_RECIPIENTS);
                    steps[i] = step(in);
                }
                yield new Fact.Updated(id, recipients, steps);
            }
            case DELETED -> new Fact.Deleted(id);
        };
    }

    private static void write(RecordWriter out, Fact.Step step) {
        out.octet(step.status().code()).number(step.attempts()).number(step.due()).octet(step.delayNotified() ? DELAY_NOTIFIED : 0);
    }

    private static Fact.Step step(RecordReader in) throws DamagedRecordException {
        RecipientStatus status = RecipientStatus.of(in.octet());
        int attempts = in.count(RecipientState.MAX_ATTEMPTS);
        long due = in.number();
        return new Fact.Step(status, attempts, due, (in.octet() & DELAY_NOTIFIED) != 0);
    }
}
