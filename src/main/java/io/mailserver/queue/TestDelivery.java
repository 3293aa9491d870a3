package io.mailserver.queue;

import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtpclient.Dialogue;
import io.mailserver.smtpclient.MessageShape;
import io.mailserver.smtpclient.OutgoingMessage;
import io.mailserver.smtpclient.RecipientResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sends one signed message at once, past the queue, and writes down what is said: so that an operator sees why mail does not go. */
final class TestDelivery {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final Courier courier;
    private final Function<String, Route> routes;
    private final Notices.Signer signer;
    private final String hostname;
    private final Time time;

    TestDelivery(Courier courier, Function<String, Route> routes, Notices.Signer signer, String hostname, Time time) {
        this.courier = courier;
        this.routes = routes;
        this.signer = signer;
        this.hostname = hostname;
        this.time = time;
    }

    /** The lines of the dialogue, and the outcome as the last. */
    List<String> send(Address from, Address to, Consumer<String> live) throws IOException {
        Lines lines = new Lines(new CopyOnWriteArrayList<>(), live);
        String destination = QueueEnvelope.destination(to);
        Route route = routes.apply(destination);
        if (route instanceof Route.Local || route instanceof Route.Discard) {
            boolean ours = route instanceof Route.Local;
            lines.add(destination + (ours ? " is a domain of this server" : " is thrown away (sending.routes)"));
            return List.copyOf(lines.lines());
        }
        lines.add("route: " + (route instanceof Route.Host host ? host.laneKey() : "the MX of " + destination));
        OctetContent content = new OctetContent(signer.sign(text(from, to)));
        OutgoingMessage message = new OutgoingMessage(
                Optional.of(from), MailParameters.NONE, List.of(Recipient.of(to)), content, MessageShape.of(content));
        RecipientResult result;
        try (Courier.Trip trip = courier.begin(destination, route, lines)) {
            result = trip.deliver(message).results().getFirst();
        }
        lines.add(switch (result.kind()) {
            case DELIVERED -> "delivered: " + result.text();
            case TEMPORARY -> "not now: " + result.text();
            case PERMANENT -> "refused: " + result.text();
        });
        return List.copyOf(lines.lines());
    }

    private byte[] text(Address from, Address to) {
        String id = "test." + time.now().toEpochMilli() + "@" + hostname;
        String text = "From: <" + from + ">\r\nTo: <" + to + ">\r\nSubject: Test of " + hostname + "\r\nDate: "
                + DATE.format(time.now().atZone(ZoneOffset.UTC)) + "\r\nMessage-ID: <" + id + ">\r\n\r\n"
                + "This is a test of the mail server " + hostname + ", ordered by its operator.\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private record Lines(List<String> lines, Consumer<String> live) implements Dialogue {
        void add(String line) {
            lines.add(line);
            live.accept(line);
        }

        @Override
        public void sent(String line) {
            add("C: " + line);
        }

        @Override
        public void received(String line) {
            add("S: " + line);
        }

        @Override
        public void note(String what) {
            add("-- " + what);
        }
    }
}
