package io.mailserver.imap;

/** A command as it came: with its tag. */
public record TaggedCommand(String tag, ImapCommand command) {}
