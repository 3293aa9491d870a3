package io.mailserver.config;

import java.util.Map;

/** Messages on disk. */
public record StorageConfig(
        @Key(
                doc = "Free space that is left on the data folder's file system; with less, new mail is put off with 452. Reading and "
                        + "deleting go on.",
                value = "256MiB",
                min = "0",
                max = "1024TiB")
        ByteSize diskReserve,
        @Key(
                doc = "Messages up to this size are received in memory, larger ones in a temporary file.",
                value = "1MiB",
                min = "0",
                max = "64MiB")
        ByteSize spoolThreshold,
        @Key(doc = "Names of the folders that a new account has.") FoldersConfig folders) {
    /** The values of an empty file. */
    public static StorageConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static StorageConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(StorageConfig.class, null, changes, Map.of());
    }
}
