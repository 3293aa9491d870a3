package io.mailserver.smtpclient;

import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection could not be made or used: what became of it is the result for every recipient that has none of its own. */
public final class DeliveryException extends IOException {
    private final transient RecipientResult result;
    /** Of {@link Stage#TLS}. */
    private TlsFailure tlsFailure = TlsFailure.VALIDATION_FAILURE;

    DeliveryException(Stage stage, ServerReply reply) {
        super(reply.toString());
        this.result = RecipientResult.of(stage, reply);
    }

    DeliveryException(Kind kind, Stage stage, String text, @Nullable Throwable cause) {
        super(text, cause);
        this.result = RecipientResult.local(kind, stage, text);
    }

    /** TLS is not what it should be; tried again later. */
    DeliveryException(TlsFailure.Found found) {
        this(Kind.TEMPORARY, Stage.TLS, found.text(), null);
        tlsFailure = found.failure();
    }

    private DeliveryException(RecipientResult result) {
        super(result.text());
        this.result = result;
    }

    /** A server that is not to get mail now, decided before it is asked. */
    public static DeliveryException of(Stage stage, EnhancedStatus status, String text) {
        return new DeliveryException(RecipientResult.local(Kind.TEMPORARY, stage, status, text));
    }

    /** A message that this server can never get, decided before it is asked. */
    public static DeliveryException permanent(Stage stage, EnhancedStatus status, String text) {
        return new DeliveryException(RecipientResult.local(Kind.PERMANENT, stage, status, text));
    }

    /** What was wrong with TLS, where that was the stage. */
    public TlsFailure tlsFailure() {
        return tlsFailure;
    }

    /** Never {@link Kind#DELIVERED}. */
    public RecipientResult result() {
        return result.kind() == Kind.DELIVERED
                ? RecipientResult.local(Kind.TEMPORARY, result.stage(), "unexpected reply: " + result.text())
                : result;
    }
}
