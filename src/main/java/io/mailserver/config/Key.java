package io.mailserver.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents one key of the configuration and gives its default. The key's name is the component's in kebab case. The reference, the
 * commented default file and the loader are all made from this, so that they cannot disagree.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {
    /** What the key does: sentences, the first one enough for the default file. */
    String doc();

    /** The default as one would write it in the file; empty for keys without one, and for sections. */
    String value() default "";

    /** For keys without a default: a value for the default file and the reference to show. */
    String example() default "";

    /** What a number counts, where the type does not say it: {@code recipients}, {@code connections}. */
    String unit() default "";

    /** The smallest value allowed, written like a value; empty for none. */
    String min() default "";

    /** The largest value allowed, written like a value; empty for none. */
    String max() default "";

    /** Whether a change takes effect only at the next start. */
    boolean restart() default false;
}
