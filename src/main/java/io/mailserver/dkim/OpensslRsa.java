package io.mailserver.dkim;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * RSA signatures by this system's OpenSSL 3, which needs a quarter of the JDK's time for one (decision 0750). Where there is none, or it
 * refuses a key, {@link SigningAlgorithm} signs with the JDK: the octets are the same, as PKCS #1 v1.5 is deterministic (RFC 8017 §8.2).
 *
 * <p>OpenSSL blinds the exponentiation and checks its result before giving it out, as the JDK does. A key is handed over once and freed
 * when its object is unreachable. Safe for any thread; a call holds its carrier thread for a fraction of a millisecond.
 */
final class OpensslRsa {
    /** The third major version: within one, OpenSSL keeps its functions as they are. */
    private static final String LIBRARY = "libcrypto.so.3";

    /** In octets: a key of 16,384 bits, the largest that OpenSSL takes. */
    private static final int MAX_SIGNATURE = 2_048;

    private static final Optional<OpensslRsa> SYSTEM = load(LIBRARY);

    private final MethodHandle parseKey;
    private final MethodHandle freeKey;
    private final MethodHandle newContext;
    private final MethodHandle freeContext;
    private final MethodHandle begin;
    private final MethodHandle sign;
    private final MethodHandle clearErrors;
    private final MemorySegment sha256;

    /** By equal keys; the null address for one that OpenSSL does not take. */
    private final Map<PrivateKey, MemorySegment> handedOver = Collections.synchronizedMap(new WeakHashMap<>());

    private OpensslRsa(SymbolLookup library) throws Throwable {
        parseKey = function(library, "d2i_AutoPrivateKey", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        freeKey = function(library, "EVP_PKEY_free", FunctionDescriptor.ofVoid(ADDRESS));
        newContext = function(library, "EVP_MD_CTX_new", FunctionDescriptor.of(ADDRESS));
        freeContext = function(library, "EVP_MD_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
        begin = function(library, "EVP_DigestSignInit", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        sign = function(library, "EVP_DigestSign", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        clearErrors = function(library, "ERR_clear_error", FunctionDescriptor.ofVoid());
        sha256 = (MemorySegment) function(library, "EVP_sha256", FunctionDescriptor.of(ADDRESS)).invokeExact();
    }

    /** The system's library, if it has one. */
    static Optional<OpensslRsa> system() {
        return SYSTEM;
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256 over {@code data}; empty if OpenSSL does not take the key. */
    Optional<byte[]> sign(PrivateKey key, byte[] data) {
        MemorySegment handle = handedOver.computeIfAbsent(key, this::handOver);
        if (isNull(handle)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = (MemorySegment) newContext.invokeExact();
            try {
                return sign(arena, context, handle, data);
            } finally {
                freeContext.invokeExact(context);
                clearErrors.invokeExact(); // They wait in a list of the carrier thread's own.
            }
        } catch (Throwable e) { // invokeExact declares it; C functions throw nothing
            throw new IllegalStateException(e);
        }
    }

    private Optional<byte[]> sign(Arena arena, MemorySegment context, MemorySegment key, byte[] data) throws Throwable {
        if (isNull(context) || (int) begin.invokeExact(context, NULL, sha256, NULL, key) != 1) {
            return Optional.empty();
        }
        MemorySegment octets = arena.allocateFrom(JAVA_BYTE, data);
        MemorySegment room = arena.allocate(MAX_SIGNATURE);
        MemorySegment length = arena.allocateFrom(JAVA_LONG, MAX_SIGNATURE);
        return (int) sign.invokeExact(context, room, length, octets, (long) data.length) == 1
                ? Optional.of(room.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE))
                : Optional.empty();
    }

    /** OpenSSL's own form of a key, kept as parsing takes as long as a signature. */
    private MemorySegment handOver(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        if (pkcs8 == null || !key.getAlgorithm().equals("RSA")) {
            return NULL;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocateFrom(JAVA_BYTE, pkcs8);
            MemorySegment next = arena.allocateFrom(ADDRESS, octets); // The parser moves it past what it read.
            MemorySegment parsed = (MemorySegment) parseKey.invokeExact(NULL, next, (long) pkcs8.length);
            octets.fill((byte) 0);
            return isNull(parsed) ? NULL : owned(parsed);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    @SuppressWarnings("restricted") // The address is a key of ours, and its memory is not read here.
    private MemorySegment owned(MemorySegment key) {
        return key.reinterpret(Arena.ofAuto(), this::free);
    }

    private void free(MemorySegment key) {
        try {
            freeKey.invokeExact(key);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isNull(MemorySegment segment) {
        return segment.address() == 0;
    }

    @SuppressWarnings("restricted") // The functions have the signatures of OpenSSL's manual pages.
    static Optional<OpensslRsa> load(String name) {
        try {
            return Optional.of(new OpensslRsa(SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (Throwable e) { // Not there, not a library, of another version: then the JDK signs.
            return Optional.empty();
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }
}
