package io.mailserver.account;

import java.time.Instant;

/**
 * An address elsewhere that one account's mail does not go to any more.
 *
 * @param account as its canonical address
 * @param address in lower case
 * @param since when its server last said that there is no such mailbox
 * @param until when the entry counts no more
 * @param reason what it said
 */
public record Suppression(String account, String address, Instant since, Instant until, String reason) {}
