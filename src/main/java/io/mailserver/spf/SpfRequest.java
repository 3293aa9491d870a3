package io.mailserver.spf;

import java.net.InetAddress;

/**
 * What is known of the client and its mail.
 *
 * @param client the address of the client; an IPv4-mapped IPv6 address counts as IPv4 (RFC 7208 §5)
 * @param helo the argument of HELO or EHLO as it came
 * @param mailFrom the reverse-path without angle brackets as it came; empty for the null one
 */
public record SpfRequest(InetAddress client, String helo, String mailFrom) {}
