package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random changes by operators, and after each of them the same answers as {@link NaiveDirectory} for every address there could be. The
 * names are few, so that aliases, details, role addresses and catch-alls meet.
 */
class DirectoryModelTest {
    private static final int CHANGES = 80;
    private static final String REFUSED = "(refused) ";
    private static final List<String> DOMAINS = List.of("one.example", "two.example", "xn--bcher-kva.example");
    private static final List<String> NAMES = List.of("a", "b", "c", "a+x", "b+x", "postmaster", "abuse", "postmaster+x");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAreThoseOfTheRules(long seed) throws IOException {
        Random random = new Random(seed);
        NaiveDirectory model = new NaiveDirectory();
        List<String> history = new ArrayList<>();
        try (Fixture fixture = new Fixture(folder)) {
            for (String domain : DOMAINS) {
                fixture.domain(domain);
                model.domains.put(domain, true);
            }
            for (int i = 0; i < CHANGES; i++) {
                history.add(change(random, fixture, model));
                if (!history.getLast().startsWith(REFUSED)) {
                    compare(fixture, model, "seed " + seed + " after " + history);
                }
            }
        }
    }

    private static void compare(Fixture fixture, NaiveDirectory model, String when) {
        for (String domain : DOMAINS) {
            for (String name : NAMES) {
                String address = name.toUpperCase(Locale.ROOT) + "@" + domain;
                assertThat(new TreeSet<>(fixture.accountsFor(address)))
                        .as(address + " with " + when)
                        .isEqualTo(model.accountsFor(address));
            }
        }
    }

    /** One change, made in the model as well unless it was refused. */
    private static String change(Random random, Fixture fixture, NaiveDirectory model) throws IOException {
        String address = address(random);
        List<String> targets = List.of(address(random), address(random)).subList(0, 1 + random.nextInt(2));
        String domain = DOMAINS.get(random.nextInt(DOMAINS.size()));
        boolean on = random.nextInt(3) > 0;
        int kind = random.nextInt(9);
        String what = List.of("account", "account", "alias", "alias", "set", "enable account", "enable alias", "catch-all", "remove")
                        .get(kind)
                + " " + address + " " + targets + " " + domain + " " + on;
        try {
            switch (kind) {
                case 0, 1 -> {
                    fixture.account(address);
                    model.accounts.put(address, true);
                }
                case 2, 3 -> {
                    fixture.aliases.add(address, targets);
                    model.aliases.put(address, targets);
                }
                case 4 -> {
                    fixture.aliases.setTargets(address, targets);
                    model.aliases.put(address, targets);
                }
                case 5 -> {
                    fixture.accounts.setEnabled(address, on);
                    model.accounts.put(address, on);
                }
                case 6 -> enableAlias(address, on, fixture, model);
                case 7 -> setCatchAll(domain, on ? targets.getFirst() : null, fixture, model);
                default -> remove(address, fixture, model);
            }
            return what;
        } catch (OperatorException e) {
            return REFUSED + what;
        }
    }

    private static void enableAlias(String address, boolean on, Fixture fixture, NaiveDirectory model) throws IOException {
        fixture.aliases.setEnabled(address, on);
        if (on) {
            model.disabledAliases.remove(address);
        } else {
            model.disabledAliases.add(address);
        }
    }

    private static void setCatchAll(
            String domain, @Nullable String target, Fixture fixture, NaiveDirectory model)
            throws IOException {
        fixture.domains.setCatchAll(new Domain(domain), target);
        if (target == null) {
            model.catchAlls.remove(domain);
        } else {
            model.catchAlls.put(domain, target);
        }
    }

    private static void remove(String address, Fixture fixture, NaiveDirectory model) throws IOException {
        if (model.aliases.containsKey(address)) {
            fixture.aliases.remove(address);
            model.aliases.remove(address);
            model.disabledAliases.remove(address);
        } else {
            fixture.accounts.remove(address);
            model.accounts.remove(address);
        }
        if (!Set.of("postmaster", "abuse").contains(address.substring(0, address.indexOf('@')))) {
            model.aliases.replaceAll((alias, targets) ->
                    targets.stream().filter(target -> !target.equals(address) && !isDetailOf(target, address)).toList());
        }
    }

    private static boolean isDetailOf(String target, String address) {
        int at = address.indexOf('@');
        return target.startsWith(address.substring(0, at) + "+") && target.endsWith(address.substring(at));
    }

    private static String address(Random random) {
        return NAMES.get(random.nextInt(NAMES.size())) + "@" + DOMAINS.get(random.nextInt(DOMAINS.size()));
    }
}
