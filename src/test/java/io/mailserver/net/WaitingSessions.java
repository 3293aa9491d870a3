package io.mailserver.net;

import org.awaitility.Awaitility;

/**
 * Lets a test wait until all sessions wait for their clients. A client that has read a reply may be faster than the session that sent it:
 * if the clock moved then, the session would begin to wait only afterwards, and its time would never be over.
 */
public final class WaitingSessions {
    private WaitingSessions() {}

    /** Returns once every connection under the reaper waits for input that is not there. */
    public static void await(Reaper reaper) {
        Awaitility.await().until(reaper::allWaitForInput);
    }
}
