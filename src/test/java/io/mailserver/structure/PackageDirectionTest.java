package io.mailserver.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layers of ARCHITECTURE.md: dependencies point downwards only, front doors do not see each other. */
class PackageDirectionTest {
    private static final String ROOT = "io.mailserver.";

    private static final List<Set<String>> LAYERS_TOP_DOWN = List.of(
            Set.of("app"),
            Set.of("smtpserver", "imapserver", "pop3server", "managesieve", "jmap", "dav", "web", "admin", "cli"),
            Set.of("delivery", "submission", "queue", "store", "search", "spam", "account", "config",
                    "check", "doctor", "reports", "sharing"),
            Set.of("smtp", "smtpclient", "imap", "mime", "spf", "dkim", "dmarc", "arc", "authres", "mtasts", "dane", "tlsrpt",
                    "dsn", "returnpath", "sieve", "sasl", "dns", "acme"),
            Set.of("net", "maildir", "log", "metrics", "base"));

    private static final int FRONT_DOORS = 1;

    private static final JavaClasses CLASSES = ProductClasses.ALL;

    @TestFactory
    List<DynamicTest> dependenciesPointDownwards() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < LAYERS_TOP_DOWN.size(); i++) {
            for (String name : LAYERS_TOP_DOWN.get(i)) {
                int layer = i;
                tests.add(DynamicTest.dynamicTest(name, () -> checkPackage(name, layer)));
            }
        }
        return tests;
    }

    @Test
    void everyPackageHasALayer() {
        Set<String> known = LAYERS_TOP_DOWN.stream().flatMap(Set::stream).collect(Collectors.toSet());
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            found.add(type.getPackageName().substring(ROOT.length()));
        }
        assertThat(known).containsAll(found);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static void checkPackage(String name, int layer) {
        Set<String> allowed = new TreeSet<>(Set.of(name));
        for (int below = layer + 1; below < LAYERS_TOP_DOWN.size(); below++) {
            allowed.addAll(LAYERS_TOP_DOWN.get(below));
        }
        if (layer > FRONT_DOORS) {
            allowed.addAll(LAYERS_TOP_DOWN.get(layer));
        }
        DescribedPredicate<JavaClass> allowedTarget = DescribedPredicate.describe(
                "in " + allowed + " or not ours",
                type -> !type.getPackageName().startsWith(ROOT)
                        || allowed.contains(type.getPackageName().substring(ROOT.length())));
        classes().that().resideInAPackage(ROOT + name).should().onlyDependOnClassesThat(allowedTarget).allowEmptyShould(true)
                .check(CLASSES);
    }
}
