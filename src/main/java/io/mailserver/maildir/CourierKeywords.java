package io.mailserver.maildir;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which keywords Courier gave to the messages of a mailbox: read once, when we take the mailbox over. Its {@code courierimapkeywords/:list}
 * has the keywords, one a line from number 0, an empty line, then for each message that has some {@code <file name>:<number> <number> …}.
 * Keywords that no IMAP client could name, and lines that cannot be understood, are passed over.
 *
 * @param ofMessages keywords by the unique part of the file's name
 */
public record CourierKeywords(Map<String, Set<String>> ofMessages) {
    private static final String FOLDER = "courierimapkeywords";
    private static final String LIST = ":list";
    private static final int MAX_LINES = 5_000_000;
    private static final int MAX_DIGITS = 6;

    public CourierKeywords {
        ofMessages = Map.copyOf(ofMessages);
    }

    /** Reads it; without messages where there is none. */
    public static CourierKeywords read(MaildirFolder folder) throws IOException {
        Reader reader = new Reader();
        BoundedLines.read(folder.path().resolve(FOLDER).resolve(LIST), MAX_LINES, reader::accept);
        return new CourierKeywords(reader.ofMessages);
    }

    /** The keywords of the message with this name; none if it has none. */
    public Set<String> of(MaildirName name) {
        return ofMessages.getOrDefault(name.unique(), Set.of());
    }

    private static final class Reader {
        private final List<String> keywords = new ArrayList<>();
        private final Map<String, Set<String>> ofMessages = new HashMap<>();
        private boolean messages;

        void accept(String line) {
            if (messages) {
                readMessage(line);
            } else if (line.isEmpty()) {
                messages = true;
            } else {
                keywords.add(line);
            }
        }

        private void readMessage(String line) {
            int colon = line.lastIndexOf(':');
            Optional<MaildirName> name = colon <= 0 ? Optional.empty() : MaildirName.parse(line.substring(0, colon));
            if (name.isEmpty()) {
                return;
            }
            Set<String> its = new LinkedHashSet<>();
            for (String number : line.substring(colon + 1).trim().split(" +", -1)) {
                boolean digits = !number.isEmpty() && number.length() <= MAX_DIGITS && number.chars().allMatch(c -> c >= '0' && c <= '9');
                int index = digits ? Integer.parseInt(number) : keywords.size();
                if (index < keywords.size() && DovecotKeywords.isAtom(keywords.get(index))) {
                    its.add(keywords.get(index));
                }
            }
            if (!its.isEmpty()) {
                ofMessages.put(name.get().unique(), Set.copyOf(its));
            }
        }
    }
}
