package io.mailserver.spam;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A part that is no text to read.
 *
 * @param name the file name, decoded; empty if it has none
 * @param type such as {@code application/pdf}
 * @param head its first octets, decoded, at most {@link #HEAD_OCTETS}
 * @param packed the names in it, if it is a zip archive; at most a few hundred
 * @param encrypted whether it is a zip archive with a file that needs a password
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Attachment(String name, String type, byte[] head, List<String> packed, boolean encrypted) {
    static final int HEAD_OCTETS = 16;

    /** What Windows runs when somebody opens it. */
    private static final Set<String> EXECUTABLE = Set.of("exe", "scr", "pif", "com", "bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh",
            "ps1", "hta", "jar", "lnk", "msi", "cpl", "reg", "iso", "img", "vhd", "chm", "scf", "msc", "appx", "xll", "one");

    private static final Set<String> MACROS = Set.of("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppam", "xlsb");
    private static final Set<String> PLAIN = Set.of("pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "txt", "zip", "html", "csv");

    Attachment {
        packed = List.copyOf(packed);
    }

    boolean executable() {
        return EXECUTABLE.contains(extension(name));
    }

    boolean packsExecutable() {
        return packed.stream().anyMatch(inside -> EXECUTABLE.contains(extension(inside)));
    }

    boolean macros() {
        return MACROS.contains(extension(name));
    }

    boolean html() {
        return Set.of("html", "htm", "shtml", "xhtml", "svg").contains(extension(name));
    }

    /** {@code invoice.pdf.exe}. */
    boolean doubleExtension() {
        int dot = name.lastIndexOf('.');
        return dot > 0 && executable() && PLAIN.contains(extension(name.substring(0, dot).strip()));
    }

    /** Whether the name is written so that it reads otherwise than it is (U+202E and its kin), or hides its end behind spaces. */
    boolean disguised() {
        return name.chars().anyMatch(c -> (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) || name.contains("      ");
    }

    /** A program by its first octets that calls itself something else. */
    boolean hiddenProgram() {
        boolean program = starts('M', 'Z') || starts(0x7f, 'E', 'L', 'F');
        return program && !executable() && !type.contains("msdownload") && !type.contains("executable");
    }

    private boolean starts(int... octets) {
        if (head.length < octets.length) {
            return false;
        }
        for (int i = 0; i < octets.length; i++) {
            if ((head[i] & 0xff) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    private static String extension(String name) {
        String plain = name.strip();
        int dot = plain.lastIndexOf('.');
        return dot < 0 ? "" : plain.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
