package io.mailserver.spam;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.net.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A mail filter of Sendmail's kind (milter, protocol version 6): told of the connection, the envelope and the message as if it sat in the
 * session, it accepts, refuses, puts off, adds and changes fields, or wants the message kept apart. Changes of recipients, sender and
 * body are not offered to it, and one that makes them all the same is no help. A message it wants to vanish is kept apart: nothing is
 * discarded here.
 */
public final class Milter implements Scanner {
    private static final int VERSION = 6;
    private static final int MIN_VERSION = 2;

    /** Add fields, change fields, quarantine (SMFIF_ADDHDRS, SMFIF_CHGHDRS, SMFIF_QUARANTINE). */
    private static final int ACTIONS = 0x01 | 0x10 | 0x20;

    /** All steps that a filter may do without, and all answers it may leave out (SMFIP_*). */
    private static final int STEPS = 0x1fffff;

    private static final int NO_CONNECT = 0x01;
    private static final int NO_HELO = 0x02;
    private static final int NO_MAIL = 0x04;
    private static final int NO_RCPT = 0x08;
    private static final int NO_BODY = 0x10;
    private static final int NO_HEADERS = 0x20;
    private static final int NO_END_OF_HEADERS = 0x40;
    private static final int NO_ANSWER_HEADER = 0x80;
    private static final int NO_DATA = 0x200;
    private static final int NO_ANSWER_CONNECT = 0x1000;
    private static final int NO_ANSWER_HELO = 0x2000;
    private static final int NO_ANSWER_MAIL = 0x4000;
    private static final int NO_ANSWER_RCPT = 0x8000;
    private static final int NO_ANSWER_DATA = 0x10000;
    private static final int NO_ANSWER_END_OF_HEADERS = 0x40000;
    private static final int NO_ANSWER_BODY = 0x80000;
    private static final int LEADING_SPACE = 0x100000;

    private static final int CHUNK_OCTETS = 65_535;
    private static final int MAX_PACKET_OCTETS = 1 << 20;
    private static final int MAX_ANSWERS = 1_000;

    private final Endpoint endpoint;
    private final Time time;

    public Milter(Endpoint endpoint, Time time) {
        this.endpoint = endpoint;
        this.time = time;
    }

    @Override
    public ScanResult scan(Envelope envelope, Content message, Duration within) {
        try {
            return endpoint.talk(time, within, channel -> new Talk(channel).scan(envelope, message));
        } catch (IOException e) {
            return new ScanResult.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    /** One packet of the filter. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Packet(char command, byte[] data) {}

    /** One connection, for one message. */
    private static final class Talk {
        private final SocketChannel channel;
        private final MilterChanges changes = new MilterChanges();
        private int steps;

        Talk(SocketChannel channel) {
            this.channel = channel;
        }

        ScanResult scan(Envelope envelope, Content message) throws IOException {
            negotiate();
            Optional<ScanResult> early = envelope(envelope);
            if (early.isEmpty()) {
                early = message(message);
            }
            if (early.isPresent()) {
                return early.get();
            }
            send('E', new byte[0]);
            ScanResult result = lastAnswer();
            send('Q', new byte[0]);
            return result;
        }

        private void negotiate() throws IOException {
            send('O', ByteBuffer.allocate(12).putInt(VERSION).putInt(ACTIONS).putInt(STEPS).array());
            Packet answer = receive();
            if (answer.command() != 'O' || answer.data().length < 12) {
                throw new IOException("it answers as no milter does");
            }
            ByteBuffer options = ByteBuffer.wrap(answer.data());
            int version = options.getInt();
            if (version < MIN_VERSION || version > VERSION) {
                throw new IOException("it wants version " + version + " of the milter protocol");
            }
            options.getInt(); // All it might do, of some (rspamd) whatever was offered: what it does counts, see MilterChanges.
            steps = options.getInt();
        }

        /** What ends the talk before the message; empty if it goes on. */
        private Optional<ScanResult> envelope(Envelope envelope) throws IOException {
            macros('C', "j", "localhost", "_", envelope.client().getHostAddress());
            Optional<ScanResult> end = step('C', connection(envelope), NO_CONNECT, NO_ANSWER_CONNECT);
            if (end.isEmpty()) {
                end = step('H', text(envelope.helo()), NO_HELO, NO_ANSWER_HELO);
            }
            if (end.isEmpty()) {
                macros('M', "i", "message", "{auth_authen}", envelope.account());
                end = step('M', text('<' + envelope.mailFrom() + '>'), NO_MAIL, NO_ANSWER_MAIL);
            }
            return end.isPresent() ? end : recipients(envelope.recipients());
        }

        /** One of several that it does not want gets the message all the same: there is one answer for all. */
        private Optional<ScanResult> recipients(List<String> recipients) throws IOException {
            int refused = 0;
            Optional<ScanResult> end = Optional.empty();
            for (String recipient : recipients) {
                end = step('R', text('<' + recipient + '>'), NO_RCPT, NO_ANSWER_RCPT);
                boolean no = end.filter(result -> result instanceof ScanResult.Refused || result instanceof ScanResult.PutOff).isPresent();
                if (end.isPresent() && !no) {
                    return end;
                }
                refused += no ? 1 : 0;
            }
            return refused > 0 && refused == recipients.size() ? end : step('T', new byte[0], NO_DATA, NO_ANSWER_DATA);
        }

        private Optional<ScanResult> message(Content message) throws IOException {
            Optional<ScanResult> end = Optional.empty();
            try (InputStream octets = message.open()) {
                HeaderBlock.Split split = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
                for (HeaderField field : split.header().fields()) {
                    if (end.isEmpty() && !field.malformed()) {
                        end = step('L', header(field), NO_HEADERS, NO_ANSWER_HEADER);
                    }
                }
                if (end.isEmpty()) {
                    end = step('N', new byte[0], NO_END_OF_HEADERS, NO_ANSWER_END_OF_HEADERS);
                }
                return end.isPresent() || (steps & NO_BODY) != 0 ? end : body(split.body());
            }
        }

        private Optional<ScanResult> body(InputStream body) throws IOException {
            byte[] chunk = body.readNBytes(CHUNK_OCTETS);
            while (chunk.length > 0) {
                send('B', chunk);
                if ((steps & NO_ANSWER_BODY) == 0) {
                    Packet answer = answer();
                    if (answer.command() == 's') {
                        return Optional.empty(); // It has seen enough.
                    }
                    Optional<ScanResult> end = MilterChanges.end(answer.command(), answer.data());
                    if (end.isPresent()) {
                        return end;
                    }
                }
                chunk = body.readNBytes(CHUNK_OCTETS);
            }
            return Optional.empty();
        }

        private Optional<ScanResult> step(char command, byte[] data, int unwanted, int unanswered) throws IOException {
            if ((steps & unwanted) != 0) {
                return Optional.empty();
            }
            send(command, data);
            if ((steps & unanswered) != 0) {
                return Optional.empty();
            }
            Packet answer = answer();
            return MilterChanges.end(answer.command(), answer.data());
        }

        private ScanResult lastAnswer() throws IOException {
            for (int i = 0; i < MAX_ANSWERS; i++) {
                Packet packet = receive();
                if (packet.command() == 'c') {
                    return changes.result();
                }
                Optional<ScanResult> end = MilterChanges.end(packet.command(), packet.data());
                if (end.isPresent()) {
                    return end.get() instanceof ScanResult.Clean ? changes.result() : end.get();
                }
                changes.add(packet.command(), packet.data());
            }
            throw new IOException("it answers without end");
        }

        /** The next packet that is no sign of life. */
        private Packet answer() throws IOException {
            for (int i = 0; i < MAX_ANSWERS; i++) {
                Packet packet = receive();
                if (packet.command() != 'p') {
                    return packet;
                }
            }
            throw new IOException("it answers without end");
        }

        private static byte[] connection(Envelope envelope) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            String address = envelope.client().getHostAddress();
            int zone = address.indexOf('%');
            out.writeBytes(text('[' + address + ']'));
            out.write(envelope.client() instanceof Inet4Address ? '4' : '6');
            out.write(0); // The port, which nobody knows here.
            out.write(0);
            out.writeBytes(text(zone < 0 ? address : address.substring(0, zone)));
            return out.toByteArray();
        }

        /** Name and value, each line of it but the last ended by LF, as filters know it. */
        private byte[] header(HeaderField field) {
            String value = new String(field.valueOctets(), StandardCharsets.ISO_8859_1).replace("\r\n", "\n").stripTrailing();
            String shown = (steps & LEADING_SPACE) == 0 && value.startsWith(" ") ? value.substring(1) : value;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(text(field.name()));
            out.writeBytes(shown.replace("\0", "").getBytes(StandardCharsets.ISO_8859_1));
            out.write(0);
            return out.toByteArray();
        }

        private void macros(char command, String... namesAndValues) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(command);
            for (String each : List.of(namesAndValues)) {
                out.writeBytes(text(each));
            }
            send('D', out.toByteArray());
        }

        private static byte[] text(String text) {
            return (text.replace("\0", "") + '\0').getBytes(StandardCharsets.UTF_8);
        }

        private void send(char command, byte[] data) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(Integer.BYTES + 1 + data.length);
            packet.putInt(1 + data.length).put((byte) command).put(data).flip();
            while (packet.hasRemaining()) {
                channel.write(packet);
            }
        }

        private Packet receive() throws IOException {
            int length = read(Integer.BYTES).getInt();
            if (length < 1 || length > MAX_PACKET_OCTETS) {
                throw new IOException("it sends a packet of " + length + " octets");
            }
            ByteBuffer packet = read(length);
            char command = (char) packet.get();
            byte[] data = new byte[packet.remaining()];
            packet.get(data);
            return new Packet(command, data);
        }

        private ByteBuffer read(int length) throws IOException {
            ByteBuffer octets = ByteBuffer.allocate(length);
            while (octets.hasRemaining()) {
                if (channel.read(octets) < 0) {
                    throw new IOException("it closed the connection");
                }
            }
            return octets.flip();
        }
    }
}
