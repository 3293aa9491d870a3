package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ChangeFeed} does. */
class ChangeFeedTest {
    private static final AccountKey BOB = new AccountKey(new Domain("example.com"), "bob");
    private static final Change CHANGE = new Change.MailboxTree(1);

    private final ChangeFeed feed = new LocalChangeFeed();
    private final List<Change> told = new ArrayList<>();

    @Test
    void listenersAreToldOfTheirAccountOnly() {
        feed.subscribe(StoreWorld.ALICE, told::add);
        feed.publish(BOB, CHANGE);
        assertThat(told).isEmpty();
        feed.publish(StoreWorld.ALICE, CHANGE);
        assertThat(told).containsExactly(CHANGE);
    }

    @Test
    void aListenerThatEndedIsToldNothing() {
        AccountMail.Watch first = feed.subscribe(StoreWorld.ALICE, told::add);
        AccountMail.Watch second = feed.subscribe(StoreWorld.ALICE, told::add);
        first.close();
        first.close();
        assertThat(feed.watched(StoreWorld.ALICE)).isTrue();
        feed.publish(StoreWorld.ALICE, CHANGE);
        assertThat(told).hasSize(1);
        second.close();
        assertThat(feed.watched(StoreWorld.ALICE)).isFalse();
    }

    @Test
    void aListenerMayEndWhileItIsTold() {
        List<AccountMail.Watch> watches = new ArrayList<>();
        watches.add(feed.subscribe(StoreWorld.ALICE, change -> watches.getFirst().close()));
        feed.subscribe(StoreWorld.ALICE, told::add);
        feed.publish(StoreWorld.ALICE, CHANGE);
        feed.publish(StoreWorld.ALICE, CHANGE);
        assertThat(told).hasSize(2);
    }
}
