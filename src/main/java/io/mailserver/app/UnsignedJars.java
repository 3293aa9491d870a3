package io.mailserver.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies the libraries to where they run from, without the signatures that some come with (Bouncy Castle): the JVM would check them at
 * every start, which costs a quarter of a second, and keeps no class of a signed jar in the AOT cache. Maven has checked the jars'
 * checksums when it downloaded them (docs/decisions/0006-unsigned-jars.md). Run by the launcher after a build: from-folder, to-folder.
 */
final class UnsignedJars {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

    private UnsignedJars() {}

    public static void main(String[] arguments) throws IOException {
        copy(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /** Copies every jar of {@code from} into {@code to}, which exists. */
    static void copy(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(from, "*.jar")) {
            for (Path jar : jars) {
                Path copy = to.resolve(jar.getFileName());
                try (ZipFile signed = new ZipFile(jar.toFile())) {
                    if (signed.stream().anyMatch(UnsignedJars::isSignature)) {
                        copyUnsigned(signed, copy);
                    } else {
                        Files.copy(jar, copy);
                    }
                }
            }
        }
    }

    private static void copyUnsigned(ZipFile signed, Path copy) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            List<? extends ZipEntry> kept = signed.stream().filter(entry -> !isSignature(entry)).toList();
            for (ZipEntry entry : kept) {
                ZipEntry same = new ZipEntry(entry.getName());
                same.setTime(entry.getTime());
                out.putNextEntry(same);
                try (InputStream in = signed.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }

    private static boolean isSignature(ZipEntry entry) {
        return SIGNATURE.matcher(entry.getName()).matches();
    }
}
