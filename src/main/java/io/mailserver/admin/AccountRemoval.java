package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.Accounts;
import io.mailserver.account.RemovedAccount;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import io.mailserver.store.AccountFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes accounts, keeps their mail for {@link AccountFolders#KEEP_REMOVED}, and then deletes it. The order is: disable, so that no
 * mail comes any more; put the folder aside; forget the account. A crash in between leaves a disabled account that can be removed
 * again, never mail that a later account of the same name would see.
 */
public final class AccountRemoval {
    private final Accounts accounts;
    private final AccountFolders folders;
    private final PlatformPool files;
    private final Time time;

    public AccountRemoval(Accounts accounts, AccountFolders folders, PlatformPool files, Time time) {
        this.accounts = accounts;
        this.folders = folders;
        this.files = files;
        this.time = time;
    }

    /** Deletes the mail of accounts removed longer ago than it is kept; to be called once a day. Returns the folders deleted. */
    public List<Path> purge() throws IOException {
        List<Path> deleted = files.call(() -> folders.purge(AccountFolders.KEEP_REMOVED));
        accounts.forgetRemoved(AccountFolders.KEEP_REMOVED);
        return deleted;
    }

    Answer remove(Arguments arguments) throws IOException {
        String typed = arguments.text("address");
        Account account = accounts.checkRemovable(typed);
        accounts.setEnabled(typed, false);
        Optional<Path> aside = folders.retire(account.domain(), account.localPart(), files);
        List<Address> aliases = accounts.remove(typed);
        List<String> lines = new ArrayList<>();
        lines.add("account " + account.address() + " removed");
        aside.ifPresent(folder -> lines.add("its mail is kept in " + folder + " until "
                + Texts.time(time.now().plus(AccountFolders.KEEP_REMOVED))));
        if (!aliases.isEmpty()) {
            lines.add("taken out of: " + aliases.stream().map(Address::toString).collect(Collectors.joining(", ")));
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("address", account.address().toString());
        data.put("mail", aside.map(Path::toString).orElse(null));
        return Answer.of(lines, data);
    }

    Answer list(Arguments arguments) throws IOException {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (RemovedAccount removed : accounts.removed()) {
            String until = Texts.time(removed.removed().plus(AccountFolders.KEEP_REMOVED));
            data.addObject()
                    .put("address", removed.address().toString())
                    .put("id", removed.id())
                    .put("removed", removed.removed().toString())
                    .put("mailKeptUntil", until);
            rows.add(List.of(removed.address().toString(), Texts.time(removed.removed()), until));
        }
        List<String> lines = rows.isEmpty()
                ? List.of("no account was removed in the last " + AccountFolders.KEEP_REMOVED.toDays() + " days")
                : Texts.table(List.of("ACCOUNT", "REMOVED", "MAIL KEPT UNTIL"), rows);
        return Answer.of(lines, data);
    }
}
