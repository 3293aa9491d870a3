package io.mailserver.store;

import io.mailserver.account.Quota;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.util.function.Function;

/**
 * What the mail of an open account stands on; all of it outlives it.
 *
 * @param others for Maildirs that other programs use too
 * @param queries runs what reads and writes databases
 * @param quotas what an account may hold
 * @param folderNames of the mailboxes that new accounts have, valid and different
 * @param boot tells one boot of the machine from another: what was written and not synced is lost only between two of them
 */
record StoreParts(
        Blobs blobs,
        OtherPrograms others,
        Databases databases,
        PlatformPool queries,
        ChangeFeed feed,
        EmailRenderer renderer,
        Time time,
        EventLog log,
        Function<AccountKey, Quota> quotas,
        Function<SpecialUse, String> folderNames,
        String boot) {}
