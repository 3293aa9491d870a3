package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.Accounts;
import io.mailserver.base.OperatorException;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code store.*}: whether what is stored of an account agrees with itself, and making it so. */
final class StoreOperations {
    private static final Set<String> ADDRESS = Set.of("address");

    private final Accounts accounts;
    private final AccountStore store;

    StoreOperations(Operations.Parts parts) {
        accounts = parts.accounts().accounts();
        store = parts.store();
    }

    List<Operation> operations() {
        return List.of(new Operation("store.check", ADDRESS, this::check), new Operation("store.rebuild", ADDRESS, this::rebuild));
    }

    private Answer check(Arguments arguments) throws IOException {
        Account account = accounts.get(arguments.text("address"));
        List<String> findings = ask(() -> store.check(key(account)));
        if (findings.isEmpty()) {
            return Answer.of(List.of("the mail of " + account.address() + " is consistent"), json(findings));
        }
        return new Answer(false, findings, json(findings),
                "what other programs changed is taken in when the mailbox is opened; all the rest by: store rebuild " + account.address());
    }

    private Answer rebuild(Arguments arguments) throws IOException {
        Account account = accounts.get(arguments.text("address"));
        List<String> left = ask(() -> store.rebuild(key(account)));
        if (left.isEmpty()) {
            return Answer.of(
                    List.of(
                            "the index of " + account.address() + " is made anew, and the mail is consistent",
                            "the old index is kept as index.db.damaged beside it; delete it when all is well"),
                    json(left));
        }
        return new Answer(false, left, json(left), "the index is made anew; what is left needs a hand: move such files or folders away");
    }

    private static AccountKey key(Account account) {
        return new AccountKey(account.domain(), account.localPart());
    }

    /** A question to the store. */
    @FunctionalInterface
    private interface Question {
        List<String> ask() throws StoreException;
    }

    private static List<String> ask(Question question) throws IOException {
        try {
            return question.ask();
        } catch (StoreException e) {
            if (e.getCause() instanceof IOException trouble) {
                throw trouble;
            }
            throw new OperatorException(String.valueOf(e.getMessage()), "look at the log", e);
        }
    }

    private static ArrayNode json(List<String> findings) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        findings.forEach(array::add);
        return array;
    }
}
