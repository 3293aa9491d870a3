package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What it takes to live beside other programs in the same Maildirs.
 *
 * @param maildirs an account's Maildir
 * @param files runs what lists and renames files
 * @param watch notices changes in the mailboxes that somebody looks at
 */
record OtherPrograms(Function<AccountKey, Path> maildirs, PlatformPool files, MaildirWatch watch) {
    Path maildir(AccountKey account) {
        return maildirs.apply(account);
    }
}
