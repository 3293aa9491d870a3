package io.mailserver.store;

/** What a {@link NumberTable} finds by its number. */
abstract class Numbered {
    private final long number;

    Numbered(long number) {
        this.number = number;
    }

    final long number() {
        return number;
    }
}
