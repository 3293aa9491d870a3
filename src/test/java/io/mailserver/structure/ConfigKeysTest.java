package io.mailserver.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No key of the configuration is without effect: something outside of {@code config} asks for each. */
class ConfigKeysTest {
    private static final String CONFIG = "io.mailserver.config";

    @Test
    void everyKeyIsUsed() {
        Set<String> unused = new TreeSet<>();
        for (JavaClass type : ProductClasses.ALL) {
            if (type.getPackageName().equals(CONFIG) && type.isRecord()) {
                for (JavaMethod accessor : keyAccessors(type)) {
                    boolean used = accessor.getCallsOfSelf().stream().anyMatch(call -> !inConfig(call.getOriginOwner()))
                            || accessor.getReferencesToSelf().stream().anyMatch(use -> !inConfig(use.getOriginOwner()));
                    if (!used) {
                        unused.add(accessor.getFullName());
                    }
                }
            }
        }
        // The name is asked for as name(), which falls back on service and port.
        unused.remove(CONFIG + ".ListenerConfig.label()");
        // What ports stands for is asked for as listeners().
        unused.remove(CONFIG + ".Config.ports()");
        // Whom a quirk is about is asked for as isAbout().
        unused.remove(CONFIG + ".QuirkConfig.client()");
        unused.remove(CONFIG + ".QuirkConfig.network()");
        assertThat(unused).as("keys that nobody asks for").isEmpty();
    }

    /** The accessors of the components that are keys. */
    private static Set<JavaMethod> keyAccessors(JavaClass record) {
        boolean section = record.reflect().getRecordComponents().length > 0
                && record.reflect().getRecordComponents()[0].getAnnotations().length > 0;
        return section
                ? record.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .map(field -> record.getMethod(field.getName()))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static boolean inConfig(JavaClass type) {
        return type.getPackageName().equals(CONFIG);
    }
}
