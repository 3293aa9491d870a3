package io.mailserver.queue;

/** What a record of the log says. The codes are on disk. */
enum RecordType {
    ADDED(1),
    UPDATED(2),
    DELETED(3);

    private static final RecordType[] BY_CODE = values();

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static boolean isKnown(int code) {
        return code >= 1 && code <= BY_CODE.length;
    }

    static RecordType of(int code) {
        return BY_CODE[code - 1];
    }
}
