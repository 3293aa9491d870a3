package io.mailserver.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IMAP client that keeps its idea of the INBOX from untagged responses alone, as mail programs do. One thread at a time. */
final class BelievingClient {
    private static final Pattern NUMBERED = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|FETCH)\\b(.*)");
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");

    private final ImapConversation conversation;
    private final List<Message> messages = new ArrayList<>();
    private int commands;
    /** Whose FETCH response goes on behind a literal. */
    private @Nullable Message open;

    /** What it knows of a message; nothing at first. */
    private static final class Message {
        @Nullable String uid;
        @Nullable SortedSet<String> flags;
    }

    BelievingClient(ImapConversation conversation) throws IOException {
        this.conversation = conversation;
        command("SELECT INBOX");
    }

    int size() {
        return messages.size();
    }

    /** Says it and takes over all it is told, up to the answer. */
    void command(String command) throws IOException {
        String tag = "c" + commands++;
        conversation.send(tag + " " + command);
        String line;
        do {
            line = conversation.readLine();
            if (line.equals("(end)") || line.startsWith("* BYE")) {
                throw new AssertionError("the server closed on " + command + ": " + line);
            }
            hear(line, command);
        } while (!line.startsWith(tag + " "));
        if (line.startsWith(tag + " BAD") || line.contains("SERVERBUG")) {
            throw new AssertionError(command + ": " + line);
        }
    }

    private void hear(String line, String command) {
        Message unfinished = open;
        if (unfinished != null) {
            // The rest of a FETCH response whose literal ended in this line.
            fetched(unfinished, line);
            open = line.endsWith(")") ? null : unfinished;
            return;
        }
        Matcher numbered = NUMBERED.matcher(line);
        if (!numbered.matches()) {
            return;
        }
        int number = Integer.parseInt(numbered.group(1));
        switch (numbered.group(2)) {
            case "EXISTS" -> {
                if (number < messages.size()) {
                    throw new AssertionError("EXISTS shrinks: " + line + " after " + messages.size());
                }
                while (messages.size() < number) {
                    messages.add(new Message());
                }
            }
            case "EXPUNGE" -> {
                if (command.startsWith("FETCH") || command.startsWith("STORE")) {
                    throw new AssertionError("EXPUNGE told during " + command);
                }
                messages.remove(number - 1);
            }
            default -> {
                fetched(messages.get(number - 1), numbered.group(3));
                open = line.endsWith("}") ? messages.get(number - 1) : null;
            }
        }
    }

    private static void fetched(Message message, String items) {
        Matcher uid = UID.matcher(items);
        if (uid.find()) {
            if (message.uid != null && !message.uid.equals(uid.group(1))) {
                throw new AssertionError("UID " + message.uid + " becomes " + uid.group(1));
            }
            message.uid = uid.group(1);
        }
        Matcher flags = FLAGS.matcher(items);
        if (flags.find()) {
            SortedSet<String> told = new TreeSet<>(List.of(flags.group(1).split(" ")));
            told.remove("\\Recent");
            told.remove("");
            message.flags = told;
        }
    }

    /** All it believes, once it has asked for what it does not know yet. */
    List<String> complete() throws IOException {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).uid == null || messages.get(i).flags == null) {
                command("FETCH " + (i + 1) + " (UID FLAGS)");
            }
        }
        return messages.stream().map(message -> message.uid + " " + message.flags).toList();
    }
}
