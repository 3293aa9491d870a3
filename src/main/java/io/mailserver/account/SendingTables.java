package io.mailserver.account;

import java.util.List;

/** The tables of {@code system.db} about mail that leaves, by the migration they came with; never changed, as {@link SystemSchema} says. */
final class SendingTables {
    private static final String FORWARD_FAILURES = """
            CREATE TABLE forward_failures (
                domain_id BIGINT NOT NULL REFERENCES domains (domain_id),
                local_part VARCHAR(255) NOT NULL,
                target_local VARCHAR(255) NOT NULL,
                target_domain VARCHAR(253) NOT NULL,
                failures INTEGER NOT NULL,
                first_ms BIGINT NOT NULL,
                reason VARCHAR(500) NOT NULL,
                suspended_ms BIGINT,
                PRIMARY KEY (domain_id, local_part, target_local, target_domain)
            )""";

    private static final String SERVER_SECRETS = """
            CREATE TABLE server_secrets (
                name VARCHAR(40) NOT NULL PRIMARY KEY,
                secret VARCHAR(64) NOT NULL
            )""";

    static final List<String> FORWARDING = List.of(FORWARD_FAILURES, SERVER_SECRETS);

    private static final String VACATION_RESPONSES = """
            CREATE TABLE vacation_responses (
                account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
                enabled BOOLEAN NOT NULL,
                from_ms BIGINT,
                to_ms BIGINT,
                subject VARCHAR(1000),
                text_body TEXT,
                html_body TEXT
            )""";

    private static final String VACATION_ANSWERED = """
            CREATE TABLE vacation_answered (
                account_id BIGINT NOT NULL REFERENCES accounts (account_id),
                address VARCHAR(400) NOT NULL,
                answered_ms BIGINT NOT NULL,
                PRIMARY KEY (account_id, address)
            )""";

    static final List<String> VACATION = List.of(VACATION_RESPONSES, VACATION_ANSWERED);

    private static final String SENT_HOURS = """
            CREATE TABLE sent_hours (
                account VARCHAR(320) NOT NULL,
                hour BIGINT NOT NULL,
                messages INTEGER NOT NULL,
                recipients INTEGER NOT NULL,
                first_time INTEGER NOT NULL,
                PRIMARY KEY (account, hour)
            )""";

    private static final String SENT_HOURS_BY_HOUR = "CREATE INDEX sent_hours_by_hour ON sent_hours (hour)";

    private static final String SENDING_LIMITS = """
            CREATE TABLE sending_limits (
                account VARCHAR(320) NOT NULL PRIMARY KEY,
                messages INTEGER,
                recipients INTEGER,
                first_time INTEGER
            )""";

    static final List<String> LIMITS = List.of(SENT_HOURS, SENT_HOURS_BY_HOUR, SENDING_LIMITS);

    private static final String DELEGATIONS = """
            CREATE TABLE delegations (
                account VARCHAR(320) NOT NULL,
                address VARCHAR(320) NOT NULL,
                since_ms BIGINT NOT NULL,
                PRIMARY KEY (account, address)
            )""";

    static final List<String> DELEGATED_SENDERS = List.of(DELEGATIONS);

    private static final String SUPPRESSED = """
            CREATE TABLE suppressions (
                account VARCHAR(320) NOT NULL,
                address VARCHAR(400) NOT NULL,
                since_ms BIGINT NOT NULL,
                reason VARCHAR(500) NOT NULL,
                PRIMARY KEY (account, address)
            )""";

    private static final String SUPPRESSED_BY_TIME = "CREATE INDEX suppressions_by_time ON suppressions (since_ms)";

    static final List<String> SUPPRESSIONS = List.of(SUPPRESSED, SUPPRESSED_BY_TIME);

    private static final String RETURNED_MAIL = """
            CREATE TABLE returned_mail (
                account_id BIGINT NOT NULL,
                message VARCHAR(64) NOT NULL,
                address VARCHAR(400) NOT NULL,
                fate VARCHAR(20) NOT NULL,
                reply VARCHAR(500) NOT NULL,
                reported_ms BIGINT NOT NULL,
                PRIMARY KEY (account_id, message, address)
            )""";

    private static final String RETURNED_BY_TIME = "CREATE INDEX returned_mail_by_time ON returned_mail (reported_ms)";

    static final List<String> RETURNS = List.of(RETURNED_MAIL, RETURNED_BY_TIME);

    private SendingTables() {}
}
