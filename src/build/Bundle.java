import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the webmail's files from its sources: esbuild bundles, this names, compresses and lists them. Run by the build (src/build/web.xml)
 * with the sources' folder, the folder to work in, the folder to fill, and pom.xml, which says what is to be found in {@code jars}.
 *
 * <p>{@code assets.txt} has a line a file: path, media type, octets, SHA-256, and whether a {@code .gz} beside it is to be served.
 */
public final class Bundle {
    /** What the browsers of the last three years understand. */
    private static final String TARGETS = "chrome111,firefox115,safari16.4";
    private static final Pattern ENTRY = Pattern.compile("main-[A-Z0-9]+\\.(js|css)");
    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\"\\./([\\w-]+\\.js)\"");
    private static final Pattern PACKAGE = Pattern.compile(
            "<groupId>org\\.webjars\\.npm</groupId>\\s*<artifactId>([\\w-]+)</artifactId>\\s*<version>([\\d.]+)</version>");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml",
            "webmanifest", "application/manifest+json");

    private Bundle() {}

    public static void main(String... arguments) throws Exception {
        Path sources = Path.of(arguments[0]);
        Path work = Path.of(arguments[1]);
        Path target = Path.of(arguments[2]);
        unpack(Path.of(arguments[3]), work.resolve("jars"), work.resolve("node_modules"));
        Optional<Path> esbuild = esbuild(work);
        if (esbuild.isEmpty()) {
            System.out.println("WARNING: no esbuild for this machine: the server is built without webmail (docs/webmail.md)");
            return;
        }
        Path out = work.resolve("out");
        clear(out);
        run(esbuild.get(), sources, work.resolve("node_modules"), out);
        Map<String, byte[]> files = new TreeMap<>();
        read(out, "assets/", files);
        read(sources.resolve("public"), "", files);
        String page = Files.readString(sources.resolve("index.html")).replace("<!--bundle-->", tags(files));
        files.put("index.html", page.getBytes(StandardCharsets.UTF_8));
        write(files, target);
    }

    /** Lays out the packages as esbuild and tsc look for them. */
    private static void unpack(Path pom, Path jars, Path packages) throws IOException {
        clear(packages);
        Matcher item = PACKAGE.matcher(Files.readString(pom));
        while (item.find()) {
            Path jar = jars.resolve(item.group(1) + "-" + item.group(2) + ".jar");
            String root = "META-INF/resources/webjars/" + item.group(1) + "/" + item.group(2) + "/";
            if (Files.exists(jar)) {
                try (ZipFile zip = new ZipFile(jar.toFile())) {
                    for (ZipEntry entry : zip.stream().filter(e -> e.getName().startsWith(root) && !e.isDirectory()).toList()) {
                        Path file = packages.resolve(item.group(1)).resolve(entry.getName().substring(root.length())).normalize();
                        if (!file.startsWith(packages)) {
                            throw new IOException("an entry outside: " + entry.getName());
                        }
                        Files.createDirectories(file.getParent());
                        try (InputStream in = zip.getInputStream(entry)) {
                            Files.copy(in, file);
                        }
                    }
                }
            }
        }
    }

    private static Optional<Path> esbuild(Path work) {
        List<Path> candidates = new ArrayList<>(List.of(work.resolve("node_modules/esbuild__linux-x64/bin/esbuild")));
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            candidates.add(Path.of(folder, "esbuild"));
        }
        return candidates.stream().filter(Files::isRegularFile).findFirst();
    }

    private static void run(Path esbuild, Path sources, Path packages, Path out) throws IOException, InterruptedException {
        esbuild.toFile().setExecutable(true);
        ProcessBuilder process = new ProcessBuilder(esbuild.toString(), sources.resolve("main.tsx").toString(),
                "--bundle", "--splitting", "--format=esm", "--minify", "--target=" + TARGETS, "--jsx=automatic",
                "--jsx-import-source=preact", "--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--legal-comments=none",
                "--log-level=warning", "--outdir=" + out);
        process.environment().put("NODE_PATH", packages.toString());
        if (process.inheritIO().start().waitFor() != 0) {
            throw new IOException("esbuild refused the webmail's sources");
        }
    }

    private static void read(Path folder, String prefix, Map<String, byte[]> into) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                into.put(prefix + file.getFileName(), Files.readAllBytes(file));
            }
        }
    }

    /** The first script and its imports, so that a slow line is asked for all of them at once, and the styles. */
    private static String tags(Map<String, byte[]> files) {
        StringBuilder tags = new StringBuilder();
        for (String name : files.keySet()) {
            Matcher entry = ENTRY.matcher(name.substring(name.indexOf('/') + 1));
            if (entry.matches()) {
                Matcher imported = IMPORT.matcher(entry.group(1).equals("js") ? new String(files.get(name), StandardCharsets.UTF_8) : "");
                while (imported.find()) {
                    tags.append("<link rel=\"modulepreload\" href=\"/assets/" + imported.group(1) + "\">");
                }
                tags.append(entry.group(1).equals("js")
                        ? "<script type=\"module\" src=\"/" + name + "\"></script>"
                        : "<link rel=\"stylesheet\" href=\"/" + name + "\">");
            }
        }
        return tags.toString();
    }

    private static void write(Map<String, byte[]> files, Path target) throws Exception {
        clear(target);
        StringBuilder list = new StringBuilder();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = file.getKey();
            byte[] octets = file.getValue();
            Path path = target.resolve(name);
            Files.createDirectories(path.getParent());
            Files.write(path, octets);
            byte[] packed = gzip(octets);
            boolean smaller = packed.length < octets.length;
            if (smaller) {
                Files.write(path.resolveSibling(path.getFileName() + ".gz"), packed);
            }
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets)).substring(0, 32);
            list.append(String.join(" ", name, type, String.valueOf(octets.length), hash, smaller ? "gzip" : "plain")).append('\n');
        }
        // Last: the build takes its time for the bundle's.
        Files.writeString(target.resolve("assets.txt"), list);
    }

    private static byte[] gzip(byte[] octets) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new BestGzip(packed)) {
            out.write(octets);
        }
        return packed.toByteArray();
    }

    private static void clear(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(folder);
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
