package io.mailserver.config;

/**
 * Where a piece of configuration was written.
 *
 * @param source a file's path, or {@code --set key}
 * @param line counted from 1; 0 where the source has no lines
 * @param column counted from 1
 */
record Position(String source, int line, int column) {
    static Position ofSource(String source) {
        return new Position(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
