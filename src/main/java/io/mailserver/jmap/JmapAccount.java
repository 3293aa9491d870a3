package io.mailserver.jmap;

import io.mailserver.store.AccountEmails;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;

/** The account that a method call is about, its mail open. For one thread; closed with its {@link Exchange}. */
public final class JmapAccount {
    private final String id;
    private final Exchange exchange;
    private final AccountMail mail;

    JmapAccount(String id, Exchange exchange, AccountKey key) throws StoreException {
        this.id = id;
        this.exchange = exchange;
        this.mail = exchange.services().store().open(key);
    }

    /** Its id in JMAP. */
    public String id() {
        return id;
    }

    /** Which account of the store it is. */
    public AccountKey key() {
        return mail.account();
    }

    /** The request that is answered. */
    public Exchange exchange() {
        return exchange;
    }

    /** Its mailboxes. */
    public AccountMail mail() {
        return mail;
    }

    /** Its emails across mailboxes. */
    public AccountEmails emails() {
        return mail.emails();
    }

    /** What the server offers. */
    public JmapServices services() {
        return exchange.services();
    }
}
