package io.mailserver.account;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of {@code system.db} and how older formats become the present one. SQL that PostgreSQL understands too. Ids come from
 * the table {@code counters} and are never given twice, also after a removal. Times are milliseconds since 1970 (UTC). Addresses are
 * in canonical form ({@link LocalPart}, A-labels), in two columns. The domain's or the account's id leads every key.
 */
final class SystemSchema {
    private static final String FORMAT = """
            CREATE TABLE format (version INTEGER NOT NULL)""";

    private static final String COUNTERS = """
            CREATE TABLE counters (
                name VARCHAR(40) NOT NULL PRIMARY KEY,
                next_value BIGINT NOT NULL
            )""";

    private static final String DOMAINS = """
            CREATE TABLE domains (
                domain_id BIGINT NOT NULL PRIMARY KEY,
                name VARCHAR(253) NOT NULL UNIQUE,
                enabled BOOLEAN NOT NULL,
                catch_all_local VARCHAR(255),
                catch_all_domain VARCHAR(253),
                created_ms BIGINT NOT NULL
            )""";

    private static final String ACCOUNTS = """
            CREATE TABLE accounts (
                account_id BIGINT NOT NULL PRIMARY KEY,
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                local_part VARCHAR(255) NOT NULL,
                display_name VARCHAR(255) NOT NULL,
                enabled BOOLEAN NOT NULL,
                quota_messages BIGINT NOT NULL,
                quota_bytes BIGINT NOT NULL,
                created_ms BIGINT NOT NULL,
                UNIQUE (domain_id, local_part)
            )""";

    private static final String CREDENTIALS = """
            CREATE TABLE credentials (
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                credential_id BIGINT NOT NULL,
                label VARCHAR(64) NOT NULL,
                argon2id VARCHAR(255) NOT NULL,
                scram_sha_256 VARCHAR(255) NOT NULL,
                created_ms BIGINT NOT NULL,
                last_used_ms BIGINT,
                PRIMARY KEY (account_id, credential_id),
                UNIQUE (account_id, label)
            )""";

    private static final String ALIASES = """
            CREATE TABLE aliases (
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                local_part VARCHAR(255) NOT NULL,
                enabled BOOLEAN NOT NULL,
                created_ms BIGINT NOT NULL,
                PRIMARY KEY (domain_id, local_part)
            )""";

    private static final String ALIAS_TARGETS = """
            CREATE TABLE alias_targets (
                domain_id BIGINT NOT NULL,
                local_part VARCHAR(255) NOT NULL,
                position INTEGER NOT NULL,
                target_local VARCHAR(255) NOT NULL,
                target_domain VARCHAR(253) NOT NULL,
                PRIMARY KEY (domain_id, local_part, position),
                FOREIGN KEY (domain_id, local_part) REFERENCES aliases (domain_id, local_part)
            )""";

    private static final String ALIAS_TARGETS_BY_TARGET = """
            CREATE INDEX alias_targets_by_target ON alias_targets (target_domain, target_local)""";

    private static final String REMOVED_ACCOUNTS = """
            CREATE TABLE removed_accounts (
                account_id BIGINT NOT NULL PRIMARY KEY,
                domain_name VARCHAR(253) NOT NULL,
                local_part VARCHAR(255) NOT NULL,
                removed_ms BIGINT NOT NULL
            )""";

    private static final String DKIM_KEYS = """
            CREATE TABLE dkim_keys (
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                key_id BIGINT NOT NULL,
                selector VARCHAR(63) NOT NULL,
                algorithm VARCHAR(20) NOT NULL,
                private_key VARCHAR(4000),
                record VARCHAR(1000) NOT NULL,
                state VARCHAR(10) NOT NULL,
                created_ms BIGINT NOT NULL,
                since_ms BIGINT NOT NULL,
                PRIMARY KEY (domain_id, key_id),
                UNIQUE (domain_id, selector)
            )""";

    private static final String RECEIVED_REPORTS = """
            CREATE TABLE received_reports (
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                kind VARCHAR(10) NOT NULL,
                organization VARCHAR(500) NOT NULL,
                report_id VARCHAR(500) NOT NULL,
                begin_ms BIGINT NOT NULL,
                end_ms BIGINT NOT NULL,
                received_ms BIGINT NOT NULL,
                good BIGINT NOT NULL,
                bad BIGINT NOT NULL,
                details TEXT NOT NULL,
                PRIMARY KEY (domain_id, kind, organization, report_id)
            )""";

    private static final String RECEIVED_REPORTS_BY_TIME = """
            CREATE INDEX received_reports_by_time ON received_reports (received_ms)""";

    private static final String DMARC_SEEN = """
            CREATE TABLE dmarc_seen (
                policy_domain VARCHAR(253) NOT NULL,
                day BIGINT NOT NULL,
                policy VARCHAR(2000) NOT NULL,
                kind VARCHAR(8000) NOT NULL,
                messages BIGINT NOT NULL,
                PRIMARY KEY (policy_domain, day, policy, kind)
            )""";

    private static final String DMARC_SENT = """
            CREATE TABLE dmarc_sent (
                policy_domain VARCHAR(253) NOT NULL,
                day BIGINT NOT NULL,
                PRIMARY KEY (policy_domain, day)
            )""";

    private static final String TLS_SEEN = """
            CREATE TABLE tls_seen (
                policy_domain VARCHAR(253) NOT NULL,
                day BIGINT NOT NULL,
                policy VARCHAR(20000) NOT NULL,
                kind VARCHAR(8000) NOT NULL,
                sessions BIGINT NOT NULL,
                PRIMARY KEY (policy_domain, day, policy, kind)
            )""";

    private static final String TLS_SENT = """
            CREATE TABLE tls_sent (
                policy_domain VARCHAR(253) NOT NULL,
                day BIGINT NOT NULL,
                PRIMARY KEY (policy_domain, day)
            )""";

    private static final String DEVICES = """
            CREATE TABLE devices (
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                device_id BIGINT NOT NULL UNIQUE,
                credential_id BIGINT NOT NULL,
                name VARCHAR(400) NOT NULL,
                browser BOOLEAN NOT NULL,
                token_hash VARCHAR(64) NOT NULL UNIQUE,
                earlier_hash VARCHAR(64) UNIQUE,
                renewed_ms BIGINT NOT NULL,
                created_ms BIGINT NOT NULL,
                last_used_ms BIGINT NOT NULL,
                last_address VARCHAR(50) NOT NULL,
                PRIMARY KEY (account_id, device_id)
            )""";

    private static final String ACCESS_TOKENS = """
            CREATE TABLE access_tokens (
                device_id BIGINT NOT NULL,
                token_hash VARCHAR(64) NOT NULL UNIQUE,
                expires_ms BIGINT NOT NULL,
                PRIMARY KEY (device_id, token_hash)
            )""";

    private static final String SENDER_LISTS = """
            CREATE TABLE sender_lists (
                owner VARCHAR(320) NOT NULL,
                pattern VARCHAR(320) NOT NULL,
                wanted BOOLEAN NOT NULL,
                created_ms BIGINT NOT NULL,
                PRIMARY KEY (owner, pattern)
            )""";

    private static final String SPAM_SETTINGS = """
            CREATE TABLE spam_settings (
                owner VARCHAR(320) NOT NULL,
                name VARCHAR(20) NOT NULL,
                setting BIGINT NOT NULL,
                PRIMARY KEY (owner, name)
            )""";

    private static final String CORRESPONDENTS = """
            CREATE TABLE correspondents (
                account VARCHAR(320) NOT NULL,
                address VARCHAR(320) NOT NULL,
                last_ms BIGINT NOT NULL,
                PRIMARY KEY (account, address)
            )""";

    private static final String REPUTATION = """
            CREATE TABLE reputation (
                sender VARCHAR(300) NOT NULL PRIMARY KEY,
                good_milli BIGINT NOT NULL,
                bad_milli BIGINT NOT NULL,
                updated_ms BIGINT NOT NULL
            )""";

    private static final String GREYLIST = """
            CREATE TABLE greylist (
                network VARCHAR(300) NOT NULL,
                sender VARCHAR(320) NOT NULL,
                recipient VARCHAR(320) NOT NULL,
                first_ms BIGINT NOT NULL,
                last_ms BIGINT NOT NULL,
                PRIMARY KEY (network, sender, recipient)
            )""";

    private static final String HELD_SENDERS = """
            CREATE TABLE held_senders (
                account VARCHAR(320) NOT NULL PRIMARY KEY,
                since_ms BIGINT NOT NULL,
                reason VARCHAR(500) NOT NULL
            )""";

    private static final String SHARES = """
            CREATE TABLE shares (
                grantee_id BIGINT NOT NULL,
                owner_id BIGINT NOT NULL REFERENCES accounts (account_id),
                PRIMARY KEY (grantee_id, owner_id)
            )""";

    private static final String ACCOUNT_LINKS = """
            CREATE TABLE account_links (
                token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                local_part VARCHAR(255),
                account_id BIGINT,
                quota_messages BIGINT NOT NULL,
                quota_bytes BIGINT NOT NULL,
                expires_ms BIGINT NOT NULL
            )""";

    /** From nothing to the present format, in order. A released migration never changes. */
    static final List<SystemFormat.Migration> MIGRATIONS = List.of(
            new SystemFormat.Migration(
                    1,
                    List.of(
                            FORMAT,
                            "INSERT INTO format (version) VALUES (0)",
                            COUNTERS,
                            DOMAINS,
                            ACCOUNTS,
                            CREDENTIALS,
                            ALIASES,
                            ALIAS_TARGETS,
                            ALIAS_TARGETS_BY_TARGET,
                            REMOVED_ACCOUNTS)),
            new SystemFormat.Migration(2, List.of(DKIM_KEYS)),
            new SystemFormat.Migration(3, List.of(RECEIVED_REPORTS, RECEIVED_REPORTS_BY_TIME, DMARC_SEEN)),
            new SystemFormat.Migration(4, List.of(DMARC_SENT)),
            new SystemFormat.Migration(5, List.of(DEVICES, ACCESS_TOKENS)),
            new SystemFormat.Migration(6, List.of(TLS_SEEN, TLS_SENT)),
            new SystemFormat.Migration(
                    7, List.of(SENDER_LISTS, SPAM_SETTINGS, CORRESPONDENTS, REPUTATION, GREYLIST, HELD_SENDERS)),
            new SystemFormat.Migration(8, List.of(SHARES)),
            new SystemFormat.Migration(9, SendingTables.FORWARDING),
            new SystemFormat.Migration(10, SendingTables.VACATION),
            new SystemFormat.Migration(11, SendingTables.LIMITS),
            new SystemFormat.Migration(12, SendingTables.DELEGATED_SENDERS),
            new SystemFormat.Migration(13, List.of(ACCOUNT_LINKS)),
            new SystemFormat.Migration(14, SendingTables.SUPPRESSIONS),
            new SystemFormat.Migration(15, SendingTables.RETURNS));

    private SystemSchema() {}

    /** The format of the open file; 0 where it has no tables yet. */
    static int version(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, "format", null)) {
            if (!tables.next()) {
                return 0;
            }
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT version FROM format");
                ResultSet row = query.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /** The next id of a kind: 1, 2, 3 …; part of the surrounding transaction. */
    static long nextId(Connection connection, String counter) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE counters SET next_value = next_value + 1 WHERE name = ?")) {
            update.setString(1, counter);
            if (update.executeUpdate() == 0) {
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO counters (name, next_value) VALUES (?, 2)")) {
                    insert.setString(1, counter);
                    insert.executeUpdate();
                }
                return 1;
            }
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT next_value FROM counters WHERE name = ?")) {
            query.setString(1, counter);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1) - 1;
            }
        }
    }
}
