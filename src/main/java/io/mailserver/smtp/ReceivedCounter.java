package io.mailserver.smtp;

/** Counts Received fields in a message's header as it comes by in pieces; costs nothing once the header has ended. */
final class ReceivedCounter {
    private static final byte[] NAME = {'R', 'E', 'C', 'E', 'I', 'V', 'E', 'D', ':'};

    private int count;
    private boolean headerEnded;
    /** How many octets of NAME the line has matched; -1 once it differs or matched in full. */
    private int matched;

    private boolean lineEmpty = true;

    /** The count after these octets. */
    int count(byte[] octets, int start, int end) {
        for (int i = start; i < end && !headerEnded; i++) {
            byte octet = octets[i];
            if (octet == '\n') {
                headerEnded = lineEmpty;
                lineEmpty = true;
                matched = 0;
            } else if (octet != '\r') {
                lineEmpty = false;
                match(octet);
            }
        }
        return count;
    }

    private void match(byte octet) {
        if (matched < 0) {
            return;
        }
        if (Ascii.upper(octet) != NAME[matched]) {
            matched = -1;
        } else if (++matched == NAME.length) {
            count++;
            matched = -1;
        }
    }
}
