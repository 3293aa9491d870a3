package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.Device;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code device.*}: where the owner of an account is signed in. */
final class DeviceOperations {
    private final AccountSystem accounts;

    DeviceOperations(Operations.Parts parts) {
        this.accounts = parts.accounts();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("device.list", Set.of("address"), this::list),
                new Operation("device.revoke", Set.of("address", "id"), this::revoke));
    }

    private Answer list(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        List<Device> devices = accounts.accessTokens().devices(account.id());
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("address", account.address().toString());
        ArrayNode list = data.putArray("devices");
        devices.forEach(device -> list.addObject()
                .put("id", device.id())
                .put("name", device.name())
                .put("kind", kind(device))
                .put("created", device.created().toString())
                .put("lastUsed", device.lastUsed().toString())
                .put("lastAddress", device.address()));
        if (devices.isEmpty()) {
            return Answer.of(account.address() + " is signed in nowhere; programs that show the password each time are not listed", data);
        }
        return Answer.of(Texts.table(List.of("ID", "DEVICE", "KIND", "SIGNED IN", "LAST USED", "FROM"),
                devices.stream().map(DeviceOperations::row).toList()), data);
    }

    private static List<String> row(Device device) {
        return List.of(Long.toString(device.id()), device.name(), kind(device), Texts.time(device.created()),
                Texts.time(device.lastUsed()), device.address());
    }

    private static String kind(Device device) {
        return device.browser() ? "browser" : "program";
    }

    private Answer revoke(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        String typed = arguments.text("id");
        boolean number = typed.matches("[1-9][0-9]{0,17}");
        if (!number || !accounts.accessTokens().revoke(account.id(), Long.parseLong(typed))) {
            throw new OperatorException(account.address() + " is signed in at no device \"" + Texts.printable(typed) + "\"",
                    "see device list " + account.address());
        }
        return Answer.of("device " + typed + " of " + account.address() + " signed out",
                JsonNodeFactory.instance.objectNode().put("address", account.address().toString()).put("id", Long.parseLong(typed)));
    }
}
