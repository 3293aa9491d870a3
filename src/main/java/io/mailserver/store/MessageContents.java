package io.mailserver.store;

/**
 * The octets of many messages, one after the other: those that come next are read together with the one that is asked for. Used by one
 * thread; closed by whoever asked for it. What it gave stays readable after that, and is closed by whoever it was given to.
 */
public interface MessageContents extends AutoCloseable {
    /**
     * The octets of a message, as {@link Mailbox#content}.
     *
     * @throws StoreException EXPUNGED
     */
    MessageContent of(int uid) throws StoreException;

    @Override
    void close();

    /** Those of a mailbox, read one by one. */
    static MessageContents oneByOne(Mailbox mailbox) {
        return new MessageContents() {
            @Override
            public MessageContent of(int uid) throws StoreException {
                return mailbox.content(uid);
            }

            @Override
            public void close() {
                // Nothing is read ahead.
            }
        };
    }
}
