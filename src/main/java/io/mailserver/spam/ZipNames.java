package io.mailserver.spam;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The names in zip archives, archives in archives included, as far as they can be read: what needs a password still shows its names. One
 * of these is for one message; it inflates at most {@link #MAX_OCTETS} over all archives of it, however far they would expand.
 */
final class ZipNames {
    /** Octets of archives that are read, packed or not, over a whole message. */
    static final long MAX_OCTETS = 8 << 20;

    static final int MAX_NAMES = 300;

    /** An archive in an archive in an archive hides something from everybody else. */
    private static final int MAX_DEPTH = 3;

    /** Of names that do not say they are UTF-8: every octet is a letter, so that no name makes the rest unreadable. */
    private static final Charset OLD_NAMES = StandardCharsets.ISO_8859_1;

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_OCTETS = 30;
    private static final int ENCRYPTED = 1;

    private long octetsLeft = MAX_OCTETS;

    /** @param encrypted whether something in it needs a password */
    record Listing(List<String> names, boolean encrypted) {
        Listing {
            names = List.copyOf(names);
        }
    }

    /**
     * Lists one archive.
     *
     * @param archive at its start; read as far as it takes
     * @param head at least 8 of its first octets, which say that it is one
     */
    Listing list(InputStream archive, byte[] head) throws IOException {
        List<String> names = new ArrayList<>();
        if ((head[6] & ENCRYPTED) != 0) {
            try {
                headers(archive, names);
            } catch (EOFException e) {
                // Cut short: the names so far are what is known.
            }
            return new Listing(names, true);
        }
        return new Listing(names, entries(archive, names, 1));
    }

    /** Whether something needs a password. */
    private boolean entries(InputStream archive, List<String> names, int depth) throws IOException {
        byte[] sink = new byte[8 << 10];
        boolean encrypted = false;
        try {
            @SuppressWarnings("resource") // the archive is its owner's to close
            ZipInputStream zip = new ZipInputStream(archive, OLD_NAMES);
            ZipEntry entry = zip.getNextEntry();
            while (entry != null && names.size() < MAX_NAMES && octetsLeft > 0) {
                names.add(entry.getName());
                if (depth < MAX_DEPTH && entry.getName().toLowerCase(Locale.ROOT).endsWith(".zip")) {
                    encrypted |= entries(new Bounded(zip), names, depth + 1);
                }
                int read = zip.read(sink);
                while (read > 0 && octetsLeft > 0) {
                    octetsLeft -= read;
                    read = zip.read(sink);
                }
                entry = octetsLeft > 0 ? zip.getNextEntry() : null;
            }
        } catch (ZipException e) {
            // Broken, or an entry of it needs a password: the names so far are what is known.
            encrypted |= String.valueOf(e.getMessage()).contains("encrypted");
        } catch (EOFException | IllegalArgumentException e) {
            return encrypted; // Cut short, or a name in no charset.
        }
        return encrypted;
    }

    /** The entries' own headers, where their octets cannot be inflated. */
    private void headers(InputStream archive, List<String> names) throws IOException {
        byte[] octets = archive.readNBytes(LOCAL_HEADER_OCTETS);
        while (octets.length == LOCAL_HEADER_OCTETS && names.size() < MAX_NAMES && octetsLeft > 0) {
            ByteBuffer header = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
            if (header.getInt(0) != LOCAL_HEADER) {
                return;
            }
            long packed = Integer.toUnsignedLong(header.getInt(18));
            int nameLength = Short.toUnsignedInt(header.getShort(26));
            int extraLength = Short.toUnsignedInt(header.getShort(28));
            names.add(new String(archive.readNBytes(nameLength), StandardCharsets.UTF_8));
            long rest = Math.min(extraLength + packed, octetsLeft);
            octetsLeft -= rest + LOCAL_HEADER_OCTETS;
            if (packed == 0) {
                return; // Its length stands behind it (APPNOTE §4.4.4): where the next begins cannot be known.
            }
            archive.skipNBytes(Math.min(rest, MAX_OCTETS));
            octets = archive.readNBytes(LOCAL_HEADER_OCTETS);
        }
    }

    /**
     * An archive in an archive, of which no more is read than may be: what it packs may come to nothing (empty blocks of deflate), so that
     * counting what comes out of it would not do.
     */
    private final class Bounded extends FilterInputStream {
        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int octet = octetsLeft <= 0 ? -1 : super.read();
            octetsLeft -= octet < 0 ? 0 : 1;
            return octet;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            int read = octetsLeft <= 0 ? -1 : super.read(octets, offset, (int) Math.min(length, octetsLeft));
            octetsLeft -= Math.max(0, read);
            return read;
        }
    }
}
