package io.mailserver.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rules of the directory in their plainest form, to compare with: maps, no limits, nothing remembered. */
final class NaiveDirectory {
    /** In the order in which they were added. */
    final LinkedHashMap<String, Boolean> domains = new LinkedHashMap<>();
    /** By address, in the order in which they were added; whether enabled. */
    final LinkedHashMap<String, Boolean> accounts = new LinkedHashMap<>();
    final Map<String, List<String>> aliases = new HashMap<>();
    final Set<String> disabledAliases = new HashSet<>();
    final Map<String, String> catchAlls = new HashMap<>();

    /** Who gets the mail for an address. */
    Set<String> accountsFor(String address) {
        return new TreeSet<>(look(address.toLowerCase(Locale.ROOT), new LinkedHashSet<>()));
    }

    private Set<String> look(String address, Set<String> path) {
        String domain = address.substring(address.indexOf('@') + 1);
        if (!domains.getOrDefault(domain, false) || path.contains(address)) {
            return Set.of();
        }
        Set<String> longer = new LinkedHashSet<>(path);
        longer.add(address);
        for (String name : names(address)) {
            if (accounts.containsKey(name)) {
                return accounts.getOrDefault(name, false) ? Set.of(name) : Set.of();
            }
            if (aliases.containsKey(name)) {
                return disabledAliases.contains(name) ? Set.of() : all(aliases.getOrDefault(name, List.of()), longer);
            }
        }
        String plain = names(address).getLast();
        if (plain.startsWith("abuse@")) {
            return look("postmaster@" + domain, longer);
        }
        if (plain.startsWith("postmaster@")) {
            return postmaster(domain, longer);
        }
        return catchAlls.containsKey(domain) ? look(catchAlls.getOrDefault(domain, ""), longer) : Set.of();
    }

    private Set<String> postmaster(String domain, Set<String> path) {
        String first = domains.firstEntry().getKey();
        Set<String> ofFirst = first.equals(domain) ? Set.of() : look("postmaster@" + first, path);
        if (!ofFirst.isEmpty()) {
            return ofFirst;
        }
        return accounts.entrySet().stream()
                .filter(account -> account.getValue() && account.getKey().endsWith("@" + domain))
                .map(Map.Entry::getKey)
                .findFirst()
                .map(Set::of)
                .orElse(Set.of());
    }

    private Set<String> all(List<String> targets, Set<String> path) {
        Set<String> found = new HashSet<>();
        for (String target : targets) {
            found.addAll(look(target, path));
        }
        return found;
    }

    private static List<String> names(String address) {
        List<String> names = new ArrayList<>(List.of(address));
        int plus = address.indexOf('+');
        if (plus > 0) {
            names.add(address.substring(0, plus) + address.substring(address.indexOf('@')));
        }
        return names;
    }
}
