package io.mailserver.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Unix signals. The JDK offers them only as {@code sun.misc.Signal}, whose mention in a source is a warning that cannot be turned off;
 * so it is reached by reflection, here and nowhere else. Where a signal cannot be had (another operating system, {@code -Xrs}), the
 * server runs without it.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} on a thread of its own each time the signal comes, instead of what the JVM would do.
     *
     * @param name without SIG, such as {@code TERM}
     * @return whether the signal is handled from now on
     */
    @SuppressWarnings("ReferenceEquality") // a proxy has no equality but its identity
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onCall = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> arguments != null && arguments.length == 1 && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            Object ours = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, onCall);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            return true;
        } catch (ReflectiveOperationException e) {
            if (e instanceof InvocationTargetException target && target.getCause() instanceof Error error) {
                throw error;
            }
            return false;
        }
    }
}
