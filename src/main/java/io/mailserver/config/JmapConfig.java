package io.mailserver.config;

import java.time.Duration;
import java.util.Map;

/** Limits of JMAP (RFC 8620 §2), told to clients. */
public record JmapConfig(
        @Key(
                doc = "The largest file that a client may upload, messages included (maxSizeUpload).",
                value = "64MiB",
                min = "64KiB",
                max = "4GiB",
                restart = true)
        ByteSize maxSizeUpload,
        @Key(
                doc = "What an account's uploads may take together until they are used or forgotten; older ones go first.",
                value = "512MiB",
                min = "64KiB",
                max = "1TiB")
        ByteSize maxSizeUploads,
        @Key(
                doc = "How long an upload that nothing uses is kept (RFC 8620 §6 demands an hour).",
                value = "6h",
                min = "1h",
                max = "7d")
        Duration uploadLifetime,
        @Key(
                doc = "Uploads of one account at a time (maxConcurrentUpload).",
                value = "4",
                unit = "uploads",
                min = "1",
                max = "10000")
        int maxConcurrentUpload,
        @Key(
                doc = "The largest request (maxSizeRequest).",
                value = "10MiB",
                min = "64KiB",
                max = "256MiB")
        ByteSize maxSizeRequest,
        @Key(
                doc = "Requests of one account at a time (maxConcurrentRequests).",
                value = "8",
                unit = "requests",
                min = "1",
                max = "10000")
        int maxConcurrentRequests,
        @Key(
                doc = "Method calls in one request (maxCallsInRequest).",
                value = "32",
                unit = "calls",
                min = "1",
                max = "10000")
        int maxCallsInRequest,
        @Key(
                doc = "Objects that one /get may ask for (maxObjectsInGet).",
                value = "1000",
                unit = "objects",
                min = "1",
                max = "100000")
        int maxObjectsInGet,
        @Key(
                doc = "Objects that one /set may change (maxObjectsInSet).",
                value = "1000",
                unit = "objects",
                min = "1",
                max = "100000")
        int maxObjectsInSet,
        @Key(
                doc = "Ids that one /query gives at most; clients ask for the rest.",
                value = "10000",
                unit = "ids",
                min = "1",
                max = "10000000")
        int maxObjectsInQuery,
        @Key(
                doc = "Ids that one /changes gives at most; clients ask for the rest.",
                value = "10000",
                unit = "ids",
                min = "1",
                max = "10000000")
        int maxChanges,
        @Key(
                doc = "Event sources of one account at a time: about one for each window of a webmail.",
                value = "50",
                unit = "connections",
                min = "1",
                max = "100000")
        int maxEventSources) {
    /** The values of an empty file. */
    public static JmapConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names, such as {@code max-objects-in-get}. */
    public static JmapConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(JmapConfig.class, null, changes, Map.of());
    }
}
