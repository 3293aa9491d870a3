package io.mailserver.search;

/**
 * A text that is looked for in a message.
 *
 * @param field the name of the header field, of a HEADER term; else empty
 * @param text as asked for
 * @param fuzzy whether it need not be there to the letter
 */
record TextTerm(Place place, String field, String text, boolean fuzzy) {
    /** Where it is looked for. */
    enum Place {
        /** In one header field. */
        HEADER,
        /** In the bodies. */
        BODY,
        /** In the header or the bodies. */
        ANYWHERE
    }
}
