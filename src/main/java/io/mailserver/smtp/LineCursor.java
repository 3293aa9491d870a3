package io.mailserver.smtp;

/** A place in a command line that moves forward. Methods named try... move only if they return true. */
final class LineCursor {
    /** What {@link #peek} gives behind the last character. */
    static final char END = '\uffff';

    private final String line;
    private int position;

    LineCursor(String line) {
        this.line = line;
    }

    char peek() {
        return position < line.length() ? line.charAt(position) : END;
    }

    char next() {
        return position < line.length() ? line.charAt(position++) : END;
    }

    boolean atEnd() {
        return position >= line.length();
    }

    int position() {
        return position;
    }

    String since(int start) {
        return line.substring(start, position);
    }

    String rest() {
        return line.substring(position);
    }

    boolean tryChar(char c) {
        if (peek() != c) {
            return false;
        }
        position++;
        return true;
    }

    /** {@code word} in any case. */
    boolean tryWord(String word) {
        if (!line.regionMatches(true, position, word, 0, word.length())) {
            return false;
        }
        position += word.length();
        return true;
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            position++;
        }
    }

    /** Up to, not including, the next {@code stop} or the end. */
    String until(char stop) {
        int end = line.indexOf(stop, position);
        int start = position;
        position = end < 0 ? line.length() : end;
        return line.substring(start, position);
    }
}
