package io.mailserver.account;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Random keys of this server's own, made when they are first asked for and the same ever after: what they seal must still be known after a
 * restart. Safe for use by any thread; blocks for the database.
 */
public final class ServerSecrets {
    /** What addresses and ids that come back to us are sealed with. */
    public static final String RETURN_PATHS = "return-paths";

    private static final int OCTETS = 32;

    private final SystemDatabase database;
    private final SecureRandom random;

    ServerSecrets(SystemDatabase database, SecureRandom random) {
        this.database = database;
        this.random = random;
    }

    /** The key of a name: 32 octets; a new array each time. */
    public byte[] key(String name) throws IOException {
        return database.write(c -> {
            Optional<String> known = Sql.first(c, row -> row.getString(1), "SELECT secret FROM server_secrets WHERE name = ?", name);
            if (known.isPresent()) {
                return HexFormat.of().parseHex(known.get());
            }
            byte[] made = new byte[OCTETS];
            random.nextBytes(made);
            Sql.update(c, "INSERT INTO server_secrets (name, secret) VALUES (?, ?)", name, HexFormat.of().formatHex(made));
            return made;
        });
    }
}
