package io.mailserver.mime;

/**
 * The base subject of RFC 5256 §2.1: what is left of a subject without the marks of replies and forwards, by which messages are sorted
 * and threaded.
 *
 * @param text the base subject in the case it has; empty if there is nothing else
 * @param replyOrForward whether such a mark was taken off
 */
public record BaseSubject(String text, boolean replyOrForward) {
    /** @param subject decoded */
    public static BaseSubject of(String subject) {
        return new Stripper(subject).strip();
    }

    private static final class Stripper {
        private final String text;
        private int start;
        private int end;
        private boolean marked;

        Stripper(String subject) {
            // RFC 5256 §2.1 (1): tabs and runs of white space to one space.
            this.text = subject.replaceAll("[ \\t\\r\\n]+", " ");
            this.end = text.length();
        }

        BaseSubject strip() {
            do {
                boolean trailer = stripTrailer(); // (2)
                while (trailer) {
                    trailer = stripTrailer();
                }
                boolean leader = stripLeader(); // (3), (4), (5)
                while (leader) {
                    leader = stripLeader();
                }
            } while (stripForward()); // (6)
            return new BaseSubject(text.substring(start, end), marked);
        }

        private boolean stripTrailer() {
            if (end > start && text.charAt(end - 1) == ' ') {
                end--;
                return true;
            }
            if (matches(end - 5, "(fwd)")) {
                end -= 5;
                marked = true;
                return true;
            }
            return false;
        }

        /** {@code subj-leader = (*subj-blob subj-refwd) / WSP}; without a mark after them the blobs go if something else is left. */
        private boolean stripLeader() {
            if (start < end && text.charAt(start) == ' ') {
                start++;
                return true;
            }
            int lastBlob = start;
            int at = start;
            for (int after = blob(at); after > 0; after = blob(at)) {
                lastBlob = at;
                at = after;
            }
            int mark = refwd(at);
            int next = mark >= 0 ? mark : at < end ? at : lastBlob;
            boolean moved = next > start;
            start = next;
            marked |= mark >= 0;
            return moved;
        }

        private boolean stripForward() {
            if (matches(start, "[fwd:") && end - start > 5 && text.charAt(end - 1) == ']') {
                start += 5;
                end--;
                marked = true;
                return true;
            }
            return false;
        }

        /** {@code "[" *BLOBCHAR "]" *WSP}; after it, or -1. */
        private int blob(int at) {
            if (at >= end || text.charAt(at) != '[') {
                return -1;
            }
            int close = at + 1;
            while (close < end && text.charAt(close) != '[' && text.charAt(close) != ']') {
                close++;
            }
            return close < end && text.charAt(close) == ']' ? spaces(close + 1) : -1;
        }

        /** {@code ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"}; after it, or -1. */
        private int refwd(int at) {
            int word = matches(at, "re") ? 2 : matches(at, "fwd") ? 3 : matches(at, "fw") ? 2 : -1;
            if (word < 0) {
                return -1;
            }
            int after = spaces(at + word);
            int blob = blob(after);
            int colon = blob > 0 ? blob : after;
            return colon < end && text.charAt(colon) == ':' ? colon + 1 : -1;
        }

        private int spaces(int from) {
            int at = from;
            while (at < end && text.charAt(at) == ' ') {
                at++;
            }
            return at;
        }

        private boolean matches(int at, String lowerCase) {
            return at >= start && at + lowerCase.length() <= end && text.regionMatches(true, at, lowerCase, 0, lowerCase.length());
        }
    }
}
