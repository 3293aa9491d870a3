package io.mailserver.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Run by {@link PrivilegesTest} in a process of its own: gives up root and says what it then is and may. */
final class PrivilegesProbe {
    private PrivilegesProbe() {}

    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(PrivilegesProbe::sleepForever);
        Privileges.become(Privileges.find(arguments[0]).orElseThrow());
        System.out.println("uid " + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        System.out.println("root " + Privileges.isRoot());
        try {
            Files.readString(Path.of("/etc/shadow"));
            System.out.println("reads /etc/shadow");
        } catch (IOException e) {
            System.out.println("refused");
        }
    }

    private static void sleepForever() {
        LockSupport.park();
    }
}
