package io.mailserver.app;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives up root for good: glibc's {@code setgroups}, {@code setgid}, {@code setuid}, which change every thread of the process (the
 * kernel's own calls change one), and then a look at every thread whether it is so. A server that cannot give up root does not start.
 *
 * <p>Linux with glibc (or musl 1.2 and newer for all but {@code setgroups}, which the look at the threads finds out).
 */
final class Privileges {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();

    /** struct passwd as it begins on every Linux system, and room for how it goes on. */
    private static final StructLayout PASSWD = MemoryLayout.structLayout(
            ValueLayout.ADDRESS.withName("name"),
            ValueLayout.ADDRESS.withName("password"),
            ValueLayout.JAVA_INT.withName("uid"),
            ValueLayout.JAVA_INT.withName("gid"),
            MemoryLayout.paddingLayout(128));

    private static final int MAX_PASSWD_OCTETS = 16 * 1024;

    /** A thread that is about to end keeps root until it has ended; it runs nothing more. So long it may take. */
    private static final int LOOKS = 100;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private Privileges() {}

    /**
     * A user of the operating system.
     *
     * @param name as in the user database
     * @param uid its number
     * @param gid the number of its main group
     */
    record User(String name, int uid, int gid) {}

    /** Whether this process runs as root and could thus become somebody else. False where that cannot be told. */
    static boolean isRoot() {
        try {
            return Files.isReadable(Path.of("/proc/self/status"))
                    && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The user of that name, from the system's user database. */
    static Optional<User> find(String name) {
        // int getpwnam_r(name, struct passwd *entry, char *strings, size_t length, struct passwd **result), getpwnam(3)
        MethodHandle getpwnam = function("getpwnam_r", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(PASSWD);
            MemorySegment strings = arena.allocate(MAX_PASSWD_OCTETS);
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int error = (int) getpwnam.invokeExact(arena.allocateFrom(name), entry, strings, strings.byteSize(), result);
            if (error != 0 || result.get(ValueLayout.ADDRESS, 0).address() == 0) {
                return Optional.empty();
            }
            int uid = entry.get(ValueLayout.JAVA_INT, PASSWD.byteOffset(PathElement.groupElement("uid")));
            int gid = entry.get(ValueLayout.JAVA_INT, PASSWD.byteOffset(PathElement.groupElement("gid")));
            return Optional.of(new User(name, uid, gid));
        } catch (Throwable e) { // invokeExact declares it; the function itself throws nothing
            throw new IllegalStateException("getpwnam_r", e);
        }
    }

    /**
     * Becomes {@code user}, with no group but its own, in every thread and for good.
     *
     * @throws OperatorException if that fails or a thread is found that kept anything
     */
    static void become(User user) {
        if (user.uid() == 0 || user.gid() == 0) {
            throw new OperatorException("the user " + user.name() + " to run as is root itself", "set server.user to another user");
        }
        try (Arena arena = Arena.ofConfined()) {
            call(arena, "setgroups", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                    1L, arena.allocateFrom(ValueLayout.JAVA_INT, user.gid()));
            FunctionDescriptor ofId = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            call(arena, "setgid", ofId, user.gid());
            call(arena, "setuid", ofId, user.uid());
        }
        List<String> kept = threadsThatKept(TASKS, user);
        for (int look = 1; look < LOOKS && !kept.isEmpty(); look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            kept = threadsThatKept(TASKS, user);
        }
        if (!kept.isEmpty()) {
            throw new OperatorException("threads kept rights of root: " + String.join("; ", kept),
                    "run it by systemd (./mailserver install) or with setpriv");
        }
    }

    /** What any thread still has beyond {@code user}'s ids, each as a line of {@code /proc/self/task/N/status}. */
    static List<String> threadsThatKept(Path folder, User user) {
        List<String> kept = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder)) {
            for (Path task : tasks) {
                statusOf(task).stream().filter(line -> !harmless(line, user)).forEach(line -> kept.add(task.getFileName() + " " + line));
            }
        } catch (IOException e) {
            throw new OperatorException("cannot check the threads' rights in " + folder, "mount /proc", e);
        }
        return kept;
    }

    private static List<String> statusOf(Path task) throws IOException {
        try {
            return Files.readAllLines(task.resolve("status"));
        } catch (NoSuchFileException e) {
            return List.of(); // it ended meanwhile
        } catch (IOException e) {
            if (Files.notExists(task)) {
                return List.of(); // the kernel says ESRCH for one that ends while it is read
            }
            throw e;
        }
    }

    private static boolean harmless(String line, User user) {
        String[] words = line.split("\\s+", -1);
        return switch (words[0]) {
            case "Uid:" -> allAre(words, Integer.toString(user.uid()));
            case "Gid:", "Groups:" -> allAre(words, Integer.toString(user.gid()));
            case "CapPrm:", "CapEff:", "CapAmb:" -> allAre(words, "0000000000000000");
            default -> true;
        };
    }

    private static boolean allAre(String[] words, String expected) {
        for (int i = 1; i < words.length; i++) {
            if (!words[i].isEmpty() && !words[i].equals(expected)) {
                return false;
            }
        }
        return true;
    }

    private static void call(Arena arena, String name, FunctionDescriptor descriptor, Object... arguments) {
        MemorySegment state = arena.allocate(ERRNO);
        MethodHandle function = function(name, descriptor, Linker.Option.captureCallState("errno"));
        Object[] all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int result;
        try {
            result = (int) function.invokeWithArguments(all);
        } catch (Throwable e) { // invokeWithArguments declares it; the function itself throws nothing
            throw new IllegalStateException(name, e);
        }
        if (result != 0) {
            VarHandle errno = ERRNO.varHandle(PathElement.groupElement("errno"));
            throw new OperatorException("cannot give up root: " + name + " failed with errno " + (int) errno.get(state, 0L),
                    "start it as the user it shall run as, or by systemd (./mailserver install)");
        }
    }

    /** The JDK marks calls that could crash it; these are libc's, with the signatures of their manual pages. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().find(name).orElseThrow(
                () -> new OperatorException("this system's C library has no " + name, "start it as the user it shall run as"));
        return linker.downcallHandle(address, descriptor, options);
    }
}
