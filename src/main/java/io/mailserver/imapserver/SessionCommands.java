package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.SharedMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Commands about the session itself: CAPABILITY, ID, ENABLE, NAMESPACE, COMPRESS, UNAUTHENTICATE, LOGOUT. */
final class SessionCommands {
    /** Of what a client says of itself, so much goes to the log. */
    private static final int MAX_LOGGED = 200;

    private final SessionContext context;
    private final ImapWriter out;

    SessionCommands(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    /** RFC 9051 §6.1.1. */
    StatusResponse capability() throws IOException {
        out.begin("CAPABILITY");
        for (String name : context.capabilities()) {
            out.space().ascii(name);
        }
        out.crlf();
        return StatusResponse.ok("CAPABILITY completed");
    }

    /** RFC 2971 §3.1: no version for strangers. */
    StatusResponse id(ImapCommand.Id command) throws IOException {
        String client = command.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase("name") || field.name().equalsIgnoreCase("version"))
                .map(field -> field.value().orElse(""))
                .reduce((name, version) -> name + " " + version)
                .orElse("");
        if (!client.isEmpty()) {
            context.services().log().info("imap.client", "client", client.substring(0, Math.min(MAX_LOGGED, client.length())));
        }
        out.begin("ID").space().open().string("name").space().string("mailserver").close().crlf();
        if (context.clientIs(client)) {
            capability(); // What it was told before holds no more.
        }
        return StatusResponse.ok("ID completed");
    }

    /** RFC 9051 §6.3.1; RFC 5161 §3.1: what is unknown is ignored. */
    StatusResponse enable(ImapCommand.Enable command) throws IOException {
        if (context.isSelected() && command.capabilities().contains(Feature.UIDONLY.capability())) {
            return StatusResponse.bad("ENABLE UIDONLY comes before a mailbox is selected"); // Its numbers were told already.
        }
        List<String> enabled = new ArrayList<>();
        for (String name : command.capabilities()) {
            Optional<Feature> feature = Feature.named(name);
            if (feature.isPresent() && !context.withholds(feature.get().capability()) && context.enable(feature.get())) {
                enabled.add(feature.get().capability());
            }
        }
        out.begin("ENABLED");
        for (String name : enabled) {
            out.space().ascii(name);
        }
        out.crlf();
        return StatusResponse.ok("ENABLE completed");
    }

    /** RFC 9051 §6.3.10, RFC 2342 §5: the personal prefix is empty; there are no mailboxes of nobody. */
    StatusResponse namespace() throws IOException {
        out.begin("NAMESPACE").ascii(" ((\"\" \"/\")) ((").string(SharedMail.prefix()).ascii(" \"/\")) NIL").crlf();
        return StatusResponse.ok("NAMESPACE completed");
    }

    /** RFC 5255 §3.2: texts are in English, whatever is asked for. */
    StatusResponse language(ImapCommand.Language command) throws IOException {
        boolean english = command.ranges().isEmpty()
                || command.ranges().stream()
                        .map(range -> range.toLowerCase(Locale.ROOT))
                        .anyMatch(range -> range.equals("default") || range.equals("i-default") || range.startsWith("en"));
        if (!english) {
            return StatusResponse.no("Texts of this server are in English");
        }
        out.begin("LANGUAGE").space().open().ascii("i-default").close().crlf();
        return StatusResponse.ok("LANGUAGE completed");
    }

    /** RFC 4978 §3; the session begins to compress once this answer is out. */
    StatusResponse compress(ImapCommand.Compress command) {
        if (!command.mechanism().equals("DEFLATE")) {
            return StatusResponse.no("The one mechanism is DEFLATE");
        }
        if (context.isCompressed()) {
            return StatusResponse.no(Plain.COMPRESSIONACTIVE, "DEFLATE is active already");
        }
        if (context.input().hasReadAhead()) {
            return StatusResponse.bad("Nothing may follow COMPRESS before its answer");
        }
        return StatusResponse.ok("DEFLATE active");
    }

    /** RFC 8437 §3: as if the connection were new. Where the client's compressed stream ends cannot be told for sure. */
    StatusResponse unauthenticate() {
        if (context.isCompressed()) {
            return StatusResponse.bye("UNAUTHENTICATE ends a compressed connection; connect again");
        }
        context.logOut();
        return StatusResponse.ok("You are nobody again");
    }

    /** RFC 9051 §6.1.3. */
    StatusResponse logout() throws IOException {
        out.untagged(StatusResponse.bye("Goodbye"));
        return StatusResponse.ok("LOGOUT completed").closing();
    }
}
