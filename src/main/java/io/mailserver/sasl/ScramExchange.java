package io.mailserver.sasl;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.ScramDirectory.Lookup;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, the server's side (RFC 5802 §5, RFC 7677). Client and server each prove that they know the
 * password without sending it; -PLUS ties that to the TLS connection. Names that nobody has are challenged like others.
 */
final class ScramExchange implements SaslExchange {
    /** Of each of the client's two messages: two names, a nonce and a proof with room to spare. */
    private static final int MAX_MESSAGE_OCTETS = 4 * SaslText.MAX_OCTETS;

    /** gs2-cbind-flag "," [ authzid ] "," then client-first-message-bare (RFC 5802 §7); m= is an extension nobody here knows. */
    private static final Pattern CLIENT_FIRST = Pattern.compile(
            "((?<flag>n|y|p=(?<type>[A-Za-z0-9.-]{1,64})),(a=(?<authzid>[^,\0]*))?,)"
                    + "(?<bare>n=(?<name>[^,\0]+),r=(?<nonce>[!-+\\--~]+)(,[^\0]*)?)");

    private static final Pattern CLIENT_FINAL = Pattern.compile(
            "(?<unproven>c=(?<binding>[A-Za-z0-9+/=]+),r=(?<nonce>[!-+\\--~]+)(,[^\0]*)?),p=(?<proof>[A-Za-z0-9+/=]+)");

    private final ScramDirectory accounts;
    private final InetAddress client;
    private final Optional<ChannelBindings> bindings;
    private final boolean plus;
    private State state = State.FIRST;
    private @Nullable Begun begun;
    private @Nullable Outcome outcome;

    private enum State {
        FIRST,
        FINAL,
        /** Our signature is with the client, who answers with nothing. */
        SIGNED
    }

    /**
     * What the first messages settled.
     *
     * @param header gs2-header and channel binding octets, what {@code c=} must say
     * @param spoken both first messages, as AuthMessage has them
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Begun(String userName, byte[] header, String nonce, String spoken, List<ScramKeys> keys) {}

    ScramExchange(ScramDirectory accounts, InetAddress client, Optional<ChannelBindings> bindings, boolean plus) {
        this.accounts = accounts;
        this.client = client;
        this.bindings = bindings;
        this.plus = plus;
    }

    @Override
    public Step start(Optional<byte[]> initial) {
        return initial.isPresent() ? answer(initial.get()) : new Step.Challenge("");
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = SaslText.decode(response, MAX_MESSAGE_OCTETS);
        if (text.isEmpty()) {
            return new Step.Malformed("the SCRAM message is too long or not UTF-8");
        }
        return switch (state) {
            case FIRST -> first(text.get());
            case FINAL -> last(text.get());
            case SIGNED -> signed(text.get());
        };
    }

    private Step first(String message) {
        Matcher parts = CLIENT_FIRST.matcher(message);
        if (!parts.matches()) {
            return new Step.Malformed("not a SCRAM client-first-message that is understood here");
        }
        Optional<String> name = unescape(parts.group("name"));
        Optional<String> authorization = Optional.ofNullable(parts.group("authzid")).flatMap(ScramExchange::unescape);
        if (name.isEmpty() || authorization.isPresent() != (parts.group("authzid") != null)) {
            return new Step.Malformed("a name with an equals sign that is no escape"); // RFC 5802 §5.1
        }
        Optional<byte[]> header = header(parts);
        boolean forAnother = authorization.isPresent() && !authorization.get().isEmpty() && !authorization.get().equals(name.get());
        if (header.isEmpty() || forAnother) {
            return new Step.Decided(name.get(), new Outcome.Rejected());
        }
        return switch (accounts.lookup(name.get(), client)) {
            case Lookup.Refused(Outcome refusal) -> new Step.Decided(name.get(), refusal);
            case Lookup.Found(List<ScramKeys> keys, String ownNonce) -> {
                String nonce = parts.group("nonce") + ownNonce;
                String reply = "r=" + nonce + ",s=" + base64(keys.getFirst().salt()) + ",i=" + keys.getFirst().iterations();
                begun = new Begun(name.get(), header.get(), nonce, parts.group("bare") + "," + reply, keys);
                state = State.FINAL;
                yield new Step.Challenge(reply);
            }
        };
    }

    /** The octets of {@code c=}; empty where client and server do not agree on channel binding (RFC 5802 §6). */
    private Optional<byte[]> header(Matcher parts) {
        byte[] header = parts.group(1).getBytes(StandardCharsets.UTF_8);
        String type = parts.group("type");
        if (!plus) {
            // A client that says it could and believes we cannot has been lied to about what we offer.
            boolean downgraded = parts.group("flag").equals("y") && bindings.isPresent();
            return type == null && !downgraded ? Optional.of(header) : Optional.empty();
        }
        if (type == null) {
            return Optional.empty();
        }
        return bindings.flatMap(channel -> channel.of(type)).map(octets -> {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(header);
            both.writeBytes(octets);
            return both.toByteArray();
        });
    }

    private Step last(String message) {
        Begun first = begun;
        Matcher parts = CLIENT_FINAL.matcher(message);
        if (first == null || !parts.matches()) {
            return new Step.Malformed("not a SCRAM client-final-message that is understood here");
        }
        Optional<byte[]> binding = decode(parts.group("binding"));
        Optional<byte[]> proof = decode(parts.group("proof"));
        if (binding.isEmpty() || proof.isEmpty()) {
            return new Step.Malformed("not base64");
        }
        String spoken = first.spoken() + "," + parts.group("unproven");
        boolean same = MessageDigest.isEqual(binding.get(), first.header())
                && parts.group("nonce").equals(first.nonce());
        Optional<ScramKeys> proven =
                same ? first.keys().stream().filter(keys -> keys.opens(proof.get(), spoken)).findFirst() : Optional.empty();
        Outcome decided = accounts.conclude(first.userName(), proven, client);
        if (!(decided instanceof Outcome.Success) || proven.isEmpty()) {
            return new Step.Decided(first.userName(), decided);
        }
        outcome = decided;
        state = State.SIGNED;
        return new Step.Challenge("v=" + base64(proven.get().sign(spoken)));
    }

    /** RFC 4422 §3.6: where the protocol's success carries no data, ours goes in a challenge and the client answers with nothing. */
    private Step signed(String message) {
        Begun first = begun;
        Outcome decided = outcome;
        return message.isEmpty() && first != null && decided != null
                ? new Step.Decided(first.userName(), decided)
                : new Step.Malformed("an empty answer was expected");
    }

    /** RFC 5802 §5.1: {@code =2C} and {@code =3D} stand for comma and equals sign, any other equals sign is wrong. */
    private static Optional<String> unescape(String name) {
        String rest = name.replace("=2C", "").replace("=3D", "");
        return rest.indexOf('=') >= 0 ? Optional.empty() : Optional.of(name.replace("=2C", ",").replace("=3D", "="));
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
