package io.mailserver.account;

import java.time.Instant;

/**
 * Where somebody signed in once and stays signed in, until it is revoked or the password it was done with is no longer good.
 *
 * @param id never given again
 * @param name as the device called itself; for people
 * @param browser whether it shows a cookie; else it has a refresh token and access tokens
 * @param lastUsed to within ten minutes
 * @param address of its last use
 */
public record Device(long id, String name, boolean browser, Instant created, Instant lastUsed, String address) {}
