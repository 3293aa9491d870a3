package io.mailserver.jmap;

import tools.jackson.databind.node.ObjectNode;

/** Why a method did nothing: a method-level error (RFC 8620 §3.6.2). */
public final class MethodException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * @param type such as {@code invalidArguments}
     * @param description for developers of clients
     */
    public MethodException(String type, String description) {
        super(description);
        this.type = type;
    }

    /** An argument of the wrong type, missing, or otherwise invalid. */
    public static MethodException invalidArguments(String description) {
        return new MethodException("invalidArguments", description);
    }

    /** The type. */
    public String type() {
        return type;
    }

    ObjectNode toJson() {
        ObjectNode error = Json.object().put("type", type);
        String description = getMessage();
        return description == null || description.isEmpty() ? error : error.put("description", description);
    }
}
