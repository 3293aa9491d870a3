package io.mailserver.pop3server;

import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The TRANSACTION state: STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP (RFC 1939 §5, §7). */
final class MaildropCommands {
    private static final Pop3Reply NO_SUCH = Pop3Reply.err("There is no such message, or it is marked for deletion");

    private final Pop3Session session;
    private final OutputStream out;
    private final Maildrop maildrop;

    MaildropCommands(Pop3Session session, OutputStream out, Maildrop maildrop) {
        this.session = session;
        this.out = out;
        this.maildrop = maildrop;
    }

    Pop3Reply run(String word, String arguments) throws StoreException, IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String text : arguments.isBlank() ? new String[0] : arguments.strip().split(" +", -1)) {
            if (!text.matches("[0-9]{1,9}")) {
                return Pop3Reply.err(word + " takes numbers");
            }
            numbers.add(Integer.parseInt(text));
        }
        return switch (word) {
            case "STAT" -> Pop3Reply.ok(maildrop.count() + " " + maildrop.octets());
            case "LIST" -> list(numbers, number -> number + " " + maildrop.size(number));
            case "UIDL" -> list(numbers, number -> number + " " + maildrop.uniqueId(number));
            case "RETR" -> retrieve(numbers, -1);
            case "TOP" -> numbers.size() == 2
                    ? retrieve(numbers.subList(0, 1), numbers.get(1))
                    : Pop3Reply.err("TOP takes the number of a message and a number of lines");
            case "DELE" -> delete(numbers);
            case "RSET" -> {
                maildrop.unmarkAll();
                yield Pop3Reply.ok(maildrop.count() + " messages");
            }
            default -> Pop3Reply.ok("Still here");
        };
    }

    private Optional<Integer> message(List<Integer> numbers) {
        return numbers.size() == 1 && maildrop.has(numbers.getFirst()) ? Optional.of(numbers.getFirst()) : Optional.empty();
    }

    private Pop3Reply list(List<Integer> numbers, IntFunction<String> line) throws IOException {
        if (!numbers.isEmpty()) {
            return message(numbers).map(number -> Pop3Reply.ok(line.apply(number))).orElse(NO_SUCH);
        }
        session.write("+OK " + maildrop.count() + " messages");
        for (int number = 1; number <= maildrop.last(); number++) {
            if (maildrop.has(number)) {
                session.write(line.apply(number));
            }
        }
        session.write(".");
        return Pop3Reply.SENT;
    }

    private Pop3Reply retrieve(List<Integer> numbers, long bodyLines) throws StoreException, IOException {
        Optional<Integer> number = message(numbers);
        if (number.isEmpty()) {
            return NO_SUCH;
        }
        try (MessageContent content = maildrop.content(number.get())) {
            session.write("+OK " + content.size() + " octets");
            MessageOutput.write(content, bodyLines, out);
        }
        if (bodyLines < 0) {
            maildrop.retrieved(number.get());
            session.services().statistics().retrieved.increment();
        }
        return Pop3Reply.SENT;
    }

    private Pop3Reply delete(List<Integer> numbers) {
        Optional<Integer> number = message(numbers);
        if (number.isEmpty()) {
            return NO_SUCH;
        }
        maildrop.mark(number.get());
        return Pop3Reply.ok("Message " + number.get() + " will be removed");
    }
}
