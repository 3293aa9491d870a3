package io.mailserver.dns;

/** What is asked: a type at a name. Equal questions share their answer. */
record Question<R extends Rdata>(DnsName name, RecordType<R> type) {
    /** The answer to an equal question, as this one's: the type tells its data. */
    @SuppressWarnings("unchecked") // RecordType instances are one per R, and equal questions have the same instance.
    Answer<R> own(Answer<?> answer) {
        return (Answer<R>) answer;
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
