package io.mailserver.smtp;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What MAIL FROM said besides the reverse-path.
 *
 * @param size the declared size in octets (RFC 1870 §6)
 * @param body how the client will send it
 * @param smtputf8 whether header fields and addresses may hold UTF-8 (RFC 6531 §3.4)
 * @param ret what a failure notice shall return (RFC 3461 §4.3)
 * @param envid the sender's own id for the transaction, decoded from xtext (RFC 3461 §4.4)
 * @param auth the submitter named by AUTH= (RFC 4954 §5), decoded; never trusted
 * @param handling how and when it may go on
 */
public record MailParameters(
        OptionalLong size, Body body, boolean smtputf8, Optional<Ret> ret, Optional<String> envid, Optional<String> auth,
        Handling handling) {
    public static final MailParameters NONE = new MailParameters(
            OptionalLong.empty(), Body.SEVEN_BIT, false, Optional.empty(), Optional.empty(), Optional.empty());

    /** These with an id of the transaction. */
    public MailParameters withEnvid(String id) {
        return new MailParameters(size, body, smtputf8, ret, Optional.of(id), auth, handling);
    }

    /** These for a message with addresses or header fields in UTF-8, or not (RFC 6531 §3.4). */
    public MailParameters withSmtpUtf8(boolean international) {
        return new MailParameters(size, body, international, ret, envid, auth, handling);
    }

    /** RFC 6152 §2, RFC 3030 §3. */
    public enum Body {
        SEVEN_BIT,
        EIGHT_BIT_MIME,
        BINARY_MIME
    }

    /** RFC 3461 §4.3. */
    public enum Ret {
        FULL,
        HDRS
    }

    /** Those of a message without wishes for its handling. */
    public MailParameters(
            OptionalLong size, Body body, boolean smtputf8, Optional<Ret> ret, Optional<String> envid, Optional<String> auth) {
        this(size, body, smtputf8, ret, envid, auth, Handling.USUAL);
    }

    /** These with another handling. */
    public MailParameters with(Handling newHandling) {
        return new MailParameters(size, body, smtputf8, ret, envid, auth, newHandling);
    }
}
