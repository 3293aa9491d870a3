package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading mail: this server and Debian's Dovecot on the same mail, pair by pair in one run, by a client that drains. */
final class ImapBench {
    private static final int MANY = 10;
    private static final int SMALL_MAILBOX = 1_000;
    private static final int SMALL_USERS = 5;
    private static final String FIELDS = "BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE MESSAGE-ID REFERENCES)]";

    private final List<ImapServer> servers;
    private final int messages;
    private final Duration duration;
    private final ImapLoad load;
    private final Time time;
    private final PrintStream out;

    /** @param messages in the large mailbox */
    ImapBench(List<ImapServer> servers, int messages, Duration duration, Time time, PrintStream out) {
        this.servers = servers;
        this.messages = messages;
        this.duration = duration;
        this.load = new ImapLoad(new Corpus(1), time);
        this.time = time;
        this.out = out;
    }

    /** Measures and prints the cells whose name contains {@code only}; 0 idle sessions leave those cells out. */
    boolean run(int rounds, String only, int idleSessions) throws IOException, InterruptedException {
        for (ImapServer server : servers) {
            long start = time.nanos();
            load.fill(server, 1, messages);
            out.printf("%s: %d messages appended in %.1f s%n", server.name(), messages, load.seconds(start));
            for (int user = 2; user < 2 + SMALL_USERS; user++) {
                load.fill(server, user, SMALL_MAILBOX);
            }
        }
        out.printf("%n%-44s %-8s %12s %-4s %9s   %s%n", "cell (medians of " + rounds + ")", "who", "figure", "", "CPU s", "(spread)");
        List<Goal> goals = new ArrayList<>();
        for (ImapCell cell : cells(idleSessions)) {
            if (cell.name().contains(only)) {
                measure(cell, rounds, goals);
            }
        }
        out.println();
        goals.forEach(out::println);
        return true;
    }

    private void measure(ImapCell cell, int rounds, List<Goal> goals) {
        try {
            Map<String, List<ImapCell.Figure>> figures = cell.measure(servers, cell.unit().equals("KiB") ? 1 : rounds);
            List<Double> medians = new ArrayList<>();
            figures.forEach((who, rows) -> {
                List<Double> values = rows.stream().map(ImapCell.Figure::value).sorted().toList();
                medians.add(ImapCell.median(values));
                out.printf("%-44s %-8s %12.4f %-4s %9.3f   (%.4f-%.4f)%n",
                        medians.size() == 1 ? cell.name() : "", who, medians.getLast(), cell.unit(),
                        ImapCell.median(rows.stream().map(ImapCell.Figure::cpuSeconds).toList()), values.getFirst(), values.getLast());
            });
            if (medians.size() == 2 && !Double.isNaN(cell.goal())) {
                goals.add(new Goal(cell.name() + ", times Dovecot", cell.ratio(medians.get(0), medians.get(1)), cell.goal(), true));
            }
        } catch (IOException | InterruptedException e) {
            out.printf("%-44s NOT MEASURED: %s%n", cell.name(), e.getMessage());
            goals.add(new Goal(cell.name() + ", times Dovecot", Double.NaN, cell.goal(), true));
        }
    }

    private List<ImapCell> cells(int idleSessions) {
        List<ImapCell> cells = new ArrayList<>(List.of(
                ImapCell.rate("logins, 10 clients", 10, server -> load.logins(server, MANY, duration)),
                ImapCell.rate("logins, TLS, full handshake", 1, server -> load.tlsLogins(server, MANY, false, duration)),
                ImapCell.rate("logins, TLS, resumed", 1, server -> load.tlsLogins(server, MANY, true, duration)),
                first("first sync, ENVELOPE BODYSTRUCTURE", 20, "(ENVELOPE BODYSTRUCTURE)"),
                timed("again, ENVELOPE BODYSTRUCTURE", 3, "FETCH 1:* (ENVELOPE BODYSTRUCTURE)"),
                first("first sync, header fields", 20, "(" + FIELDS + ")"),
                timed("again, header fields", 3, "FETCH 1:* (" + FIELDS + ")"),
                select("SELECT, warm", false),
                select("SELECT, after restart", true),
                timed("FETCH FLAGS", 1, "FETCH 1:* (FLAGS)"),
                afterRestart("FETCH FLAGS, after restart", "FETCH 1:* (FLAGS)"),
                timed("SEARCH UNSEEN", 1, "SEARCH UNSEEN"),
                afterRestart("SEARCH UNSEEN, after restart", "SEARCH UNSEEN"),
                timed("bodies of 10,000", 1.5, "FETCH 1:" + Math.min(messages, 10_000) + " (BODY.PEEK[])"),
                timed("SEARCH BODY", 50, "SEARCH BODY " + Corpus.RARE_WORD),
                timed("SEARCH TEXT", 50, "SEARCH TEXT " + Corpus.RARE_WORD),
                timed("SEARCH SUBJECT", 5, "SEARCH SUBJECT " + Corpus.SUBJECT_WORD),
                timed("SEARCH FROM", 5, "SEARCH FROM person77@"),
                store(),
                copy(),
                move(),
                expunge(),
                ImapCell.rate("APPEND, 10 clients, one mailbox", 8, server -> load.appends(server, MANY, 50, 7, false)),
                ImapCell.rate("APPEND, 10 clients, ten mailboxes", 1.5, server -> load.appends(server, MANY, 50, 8, true)),
                new ImapCell("APPEND to EXISTS at an idle session", "ms", true, 510 / 20.0, server -> load.existsMillis(server, 20, 20))));
        for (int clients : new int[] {1, 20, 100}) {
            cells.add(ImapCell.rate("mixed, " + clients + (clients == 1 ? " client" : " clients"), 3,
                    server -> load.mixed(server, clients, SMALL_MAILBOX, duration)));
        }
        if (idleSessions > 0) {
            cells.add(new ImapCell("growth by an idle TLS session of " + idleSessions, "KiB", true, 10,
                    server -> load.idleKibibytes(server, idleSessions)));
        }
        return cells;
    }

    private double time(ImapWire wire, String command) throws IOException {
        long start = time.nanos();
        wire.command(command);
        return load.seconds(start);
    }

    private ImapCell timed(String name, double goal, String command) {
        return ImapCell.seconds(name, goal, server -> {
            try (ImapWire wire = server.login(1)) {
                wire.command("SELECT INBOX");
                return time(wire, command);
            }
        });
    }

    private ImapCell first(String name, double goal, String items) {
        return ImapCell.seconds(name, goal, server -> {
            server.forgetWhatWasFetched();
            try (ImapWire wire = server.login(1)) {
                wire.command("SELECT INBOX");
                return time(wire, "FETCH 1:* " + items);
            }
        });
    }

    private ImapCell select(String name, boolean restart) {
        return ImapCell.seconds(name, 1, server -> {
            if (restart) {
                server.restart();
            }
            try (ImapWire wire = server.login(1)) {
                return time(wire, "SELECT INBOX");
            }
        });
    }

    private ImapCell afterRestart(String name, String command) {
        return ImapCell.seconds(name, 1, server -> {
            server.restart();
            try (ImapWire wire = server.login(1)) {
                wire.command("SELECT INBOX");
                return time(wire, command);
            }
        });
    }

    private ImapCell store() {
        return ImapCell.seconds("STORE 1:*", 5, server -> {
            try (ImapWire wire = server.login(1)) {
                wire.command("SELECT INBOX");
                double took = time(wire, "STORE 1:* +FLAGS (\\Answered)");
                wire.command("STORE 1:* -FLAGS.SILENT (\\Answered)");
                return took;
            }
        });
    }

    private ImapCell copy() {
        return inScratch("COPY of 5,000", wire -> time(wire, "COPY 1:" + Math.min(messages, 5_000) + " Scratch"));
    }

    private ImapCell move() {
        return inScratch("MOVE of 5,000", wire -> {
            wire.command("COPY 1:" + Math.min(messages, 5_000) + " Scratch");
            wire.command("CREATE Moved");
            wire.command("SELECT Scratch");
            double took = time(wire, "MOVE 1:* Moved");
            wire.command("DELETE Moved");
            return took;
        });
    }

    private ImapCell expunge() {
        return inScratch("EXPUNGE of 5,000", wire -> {
            wire.command("COPY 1:" + Math.min(messages, 5_000) + " Scratch");
            wire.command("SELECT Scratch");
            wire.command("STORE 1:* +FLAGS.SILENT (\\Deleted)");
            return time(wire, "EXPUNGE");
        });
    }

    private interface InScratch {
        double run(ImapWire wire) throws IOException;
    }

    private static ImapCell inScratch(String name, InScratch work) {
        return ImapCell.seconds(name, 1, server -> {
            try (ImapWire wire = server.login(1)) {
                wire.command("SELECT INBOX");
                wire.command("CREATE Scratch");
                double took = work.run(wire);
                wire.command("SELECT INBOX");
                wire.command("DELETE Scratch");
                return took;
            }
        });
    }
}
