package io.mailserver.queue;

import java.time.Instant;

/**
 * One recipient that the queue has not finished with, in memory: there may be millions, so everything is as small as it can be. Guarded
 * by the index's lock.
 */
final class Slot {
    final Entry entry;
    final Destination destination;
    final int recipient;
    /** Where its state was last written; segment 0: nowhere since the message itself. */
    int stateSegment;
    int stateOffset;
    /** Seconds since 1970, without a sign: good until 2106. */
    private int due;
    private short attempts;
    private byte status;
    boolean delayNotified;
    /** Where it is in the scheduler. */
    byte mark = Scheduler.NOWHERE;

    Slot(Entry entry, int recipient, Destination destination, long due) {
        this.entry = entry;
        this.recipient = recipient;
        this.destination = destination;
        this.due = (int) due;
        this.status = (byte) RecipientStatus.PENDING.code();
    }

    void step(Fact.Step step) {
        due = (int) step.due();
        attempts = (short) step.attempts();
        status = (byte) step.status().code();
        delayNotified = step.delayNotified();
    }

    Fact.Step step() {
        return new Fact.Step(status(), attempts(), due(), delayNotified);
    }

    RecipientStatus status() {
        return RecipientStatus.known(status);
    }

    int attempts() {
        return attempts & 0xffff;
    }

    long due() {
        return Integer.toUnsignedLong(due);
    }

    /** Whether its time has not come yet, as its sender wants it (RFC 4865). */
    boolean awaitsRelease(long nowSeconds) {
        return status() == RecipientStatus.PENDING && attempts() == 0 && entry.start() > nowSeconds && due() == entry.start();
    }

    /** Whether something is to be done at its message's deadline, or is overdue. */
    boolean awaitsDeadline() {
        return status() == RecipientStatus.PENDING && entry.deadline() != Long.MAX_VALUE && (entry.isReturnedLate() || !delayNotified);
    }

    RecipientState state(String lastReply) {
        return new RecipientState(status(), attempts(), Instant.ofEpochSecond(due()), delayNotified, lastReply);
    }
}
