package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Enumeration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who the process is once it needs root no more: a server after binding its ports, a command before it touches the data. */
final class ServiceUser {
    /** The user that {@code install} makes, taken where the configuration names none. */
    static final String USUAL = "mailserver";

    private ServiceUser() {}

    /**
     * Gives the data folder to the user the server runs as and becomes that user.
     *
     * @param configured {@code user} of the configuration
     * @param data exists
     * @param note told the user's name
     * @return why the server stays root; empty if it does not, or never was
     * @throws OperatorException if the user does not exist, or the folder belongs to a third one
     */
    static Optional<ServerStatus.Warning> become(Optional<String> configured, Path data, Consumer<String> note) {
        if (!Privileges.isRoot()) {
            return Optional.empty();
        }
        Optional<Privileges.User> user = Privileges.find(configured.orElse(USUAL));
        if (user.isEmpty() && configured.isEmpty()) {
            user = Optional.of(ownerOf(data)).filter(owner -> owner.uid() != 0);
        }
        if (user.isEmpty() && configured.isPresent()) {
            throw new OperatorException("the user " + configured.get() + " to run as does not exist",
                    "useradd --system --no-create-home " + configured.get());
        }
        if (user.isEmpty()) {
            return Optional.of(new ServerStatus.Warning("running as root, since there is no user " + USUAL,
                    "make one and start again: useradd --system --no-create-home " + USUAL));
        }
        if (configured.isPresent() && user.get().uid() == 0) {
            return Optional.of(new ServerStatus.Warning("running as root, since the configuration says so",
                    "set another user, or take the key out: the usual one is " + USUAL));
        }
        give(data, user.get());
        openJars();
        Privileges.become(user.get());
        requireReachable(data, user.get());
        requireReadableJava(user.get());
        note.accept("running as user " + user.get().name());
        return Optional.empty();
    }

    /**
     * Becomes the owner of the data folder, so that a command of root leaves no file in it that the server cannot read. Does nothing for
     * others than root, and where root owns it.
     */
    static void becomeOwnerOf(Path data) {
        if (!Privileges.isRoot() || !Files.isDirectory(data)) {
            return;
        }
        Optional<Privileges.User> owner = Optional.of(ownerOf(data)).filter(user -> user.uid() != 0);
        if (owner.isPresent()) {
            openJars();
            Privileges.become(owner.get());
        }
    }

    private static Privileges.User ownerOf(Path data) {
        try {
            int uid = (int) Files.getAttribute(data, "unix:uid");
            int gid = (int) Files.getAttribute(data, "unix:gid");
            return new Privileges.User("number " + uid, uid, gid);
        } catch (IOException e) {
            throw new OperatorException("cannot see who owns " + data, "look at its permissions", e);
        }
    }

    /** Root's data folder becomes the user's, with all that is in it. One that is the user's already is not walked through. */
    private static void give(Path data, Privileges.User user) {
        try {
            int owner = (int) Files.getAttribute(data, "unix:uid");
            if (owner == user.uid()) {
                giveWhatThisStartMade(data, user);
                return;
            }
            if (owner != 0) {
                throw new OperatorException("the data folder " + data + " belongs to another user than " + user.name(),
                        "set user in the configuration to its owner, or: chown -R " + user.name() + " " + data);
            }
            Files.walkFileTree(data, new Giver(user));
        } catch (IOException e) {
            throw new OperatorException("cannot give " + data + " to " + user.name() + ": " + e.getMessage(),
                    "chown -R " + user.name() + " " + data, e);
        }
    }

    /** Files that root made in the folder just now: the lock, the database, the certificate. */
    private static void giveWhatThisStartMade(Path data, Privileges.User user) throws IOException {
        try (Stream<Path> entries = Files.walk(data, 1)) {
            for (Path entry : entries.toList()) {
                if (Integer.valueOf(0).equals(Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                    Files.walkFileTree(entry, new Giver(user));
                }
            }
        }
    }

    /** The folder itself comes last, so that a walk cut short is taken up again at the next start. */
    private static final class Giver extends SimpleFileVisitor<Path> {
        private final Privileges.User user;

        Giver(Privileges.User user) {
            this.user = user;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            give(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
            if (problem != null) {
                throw problem;
            }
            give(folder);
            return FileVisitResult.CONTINUE;
        }

        private void give(Path path) throws IOException {
            Files.setAttribute(path, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Jars are opened when first looked into; looking for what none has opens all, so that none need be readable later. */
    private static void openJars() {
        try {
            Enumeration<URL> none = ServiceUser.class.getClassLoader().getResources("META-INF/none");
            while (none.hasMoreElements()) {
                none.nextElement();
            }
        } catch (IOException e) {
            throw new OperatorException("cannot read the program: " + e.getMessage(), "look at its jars", e);
        }
    }

    /** A folder of the user's below one that only root may enter, such as {@code /root}. */
    private static void requireReachable(Path data, Privileges.User user) {
        if (!Files.isWritable(data) || !Files.isExecutable(data)) {
            throw new OperatorException("the user " + user.name() + " cannot reach the data folder " + data,
                    "use a folder whose parents everybody may enter, such as /var/lib/mailserver, or set user: root");
        }
    }

    private static void requireReadableJava(Privileges.User user) {
        Path java = Path.of(System.getProperty("java.home"));
        if (!Files.isReadable(java.resolve("lib/modules"))) {
            throw new OperatorException("the user " + user.name() + " cannot read Java in " + java,
                    "install a JDK 25 for everybody (docs/installation.md)");
        }
    }
}
