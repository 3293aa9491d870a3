package io.mailserver.cli;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.check.MessageFile;
import io.mailserver.check.Signing;
import io.mailserver.dkim.Canonicalization;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sign dkim|arc}: writes the message with the new fields on top, with the line ends it has. */
final class SignCommands {
    private static final int MAX_KEY_OCTETS = 64 << 10;

    private SignCommands() {}

    static CommandSpec sign() {
        return Command.family(
                "sign",
                "Sign a message with a key of yours: DKIM, ARC.",
                work("dkim", "Write the message with a DKIM-Signature on top (RFC 6376).", SignCommands::dkim)
                        .option("--identity", "ADDRESS", "The tag i=: an address or @domain at or below the domain.").spec(),
                work("arc", "Write the message with a new ARC set on top (RFC 8617); unchanged where its chain is over.",
                        SignCommands::arc)
                        .option("--auth-serv-id", "ID", "Whose Authentication-Results go into the set; without it the domain.").spec());
    }

    private static CheckWork work(String name, String description, CheckWork.Task task) {
        return new CheckWork(name, description, task)
                .option("--key", "FILE", "The private key: PKCS#8 in PEM form, RSA or Ed25519.")
                .option("--selector", "NAME", "The selector under which the public key is published.")
                .option("--domain", "DOMAIN", "The domain that signs.")
                .option("--headers", "A:B:C", "The fields to sign, in order; without it those that matter.")
                .option("--canon", "HEADER/BODY", "relaxed or simple for header and body; without it relaxed/relaxed.")
                .file("The message, with LF or CRLF line ends; - for standard input.");
    }

    private static CheckWork.Result dkim(CheckOptions options, Command.Call call) throws IOException {
        MessageFile message = options.message();
        Signing signing = new Signing(options.asOf(call.application().time()));
        SigningKey key = key(options);
        SigningOptions how = how(options);
        try {
            return new Signed(signing.dkim(message, key, how), message);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static CheckWork.Result arc(CheckOptions options, Command.Call call) throws IOException {
        MessageFile message = options.message();
        Time time = options.asOf(call.application().time());
        SigningKey key = key(options);
        SigningOptions how = how(options);
        String id = options.text("auth-serv-id").orElse(key.domain().ascii());
        try {
            Optional<String> set = new Signing(time).arc(message, key, how, id, () -> options.resolver(time));
            return new Signed(set.orElse(""), message);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static SigningKey key(CheckOptions options) throws IOException {
        Domain domain = Domain.parse(options.required("domain")).orElseThrow(() -> new UsageException("--domain is no domain"));
        DnsName selector = DnsName.parse(options.required("selector"))
                .orElseThrow(() -> new UsageException("--selector is no name"));
        Path file = CheckOptions.readable(options.required("key"));
        if (Files.size(file) > MAX_KEY_OCTETS) {
            throw new UsageException(file + " is no private key: it is too large");
        }
        try {
            return new SigningKey(domain, selector, KeyFiles.privateKey(Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (OperatorException e) {
            throw new UsageException(file + ": " + e.getMessage() + "; " + e.hint());
        }
    }

    private static SigningOptions how(CheckOptions options) {
        String[] words = options.text("canon").orElse("relaxed/relaxed").strip().split("/", -1);
        Optional<Canonicalization> header = Canonicalization.ofWord(words[0]);
        // RFC 6376 §3.5: without a second word the body is simple.
        Optional<Canonicalization> body = words.length > 1 ? Canonicalization.ofWord(words[1]) : Optional.of(Canonicalization.SIMPLE);
        if (words.length > 2 || header.isEmpty() || body.isEmpty()) {
            throw new UsageException("--canon " + options.text("canon").orElse("") + " is not such as relaxed/simple");
        }
        List<String> fields = Arrays.stream(options.text("headers").orElse("").split(":", -1))
                .map(String::strip).filter(name -> !name.isEmpty()).toList();
        return new SigningOptions(header.get(), body.get(), fields, options.text("identity"), Optional.empty());
    }

    /** The new fields, and the message below which they belong. */
    private record Signed(String fields, MessageFile message) implements CheckWork.Result {
        @Override
        public Map<String, Object> data() {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            try {
                message.writeBelow(fields, whole);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("result", fields.isEmpty() ? "none" : "signed");
            data.put("fields", fields);
            data.put("message", whole.toString(StandardCharsets.UTF_8));
            return data;
        }

        @Override
        public void print(Command.Call call) throws IOException {
            if (fields.isEmpty()) {
                call.terminal().err().println("mailserver: the chain is over, no set was added");
            }
            message.writeBelow(fields, call.terminal().out());
        }
    }
}
