/**
 * DomainKeys Identified Mail: verifying and making signatures (RFC 6376, with RFC 8301 and RFC 8463; RFC 8616 for internationalized
 * mail).
 *
 * <p>A library without store or configuration. {@link io.mailserver.dkim.DkimVerifier} judges all signatures of a message,
 * {@link io.mailserver.dkim.DkimSigner} makes one. Both see the header as a {@code mime.HeaderBlock} and the body only through
 * {@link io.mailserver.dkim.BodyHashes}, computed in one pass of constant memory for all signatures, those of ARC included. The parts
 * that ARC shares are public: {@link io.mailserver.dkim.TagList}, {@link io.mailserver.dkim.Canonicalization},
 * {@link io.mailserver.dkim.SigningAlgorithm}, {@link io.mailserver.dkim.KeyLookup}.
 *
 * <p>Invariants: what is not understood is never a pass; a signature passes only if its domain's key vouches for every octet of the
 * fields it names and of the body up to its length tag; a DNS failure is temperror. SHA-1 is not accepted (RFC 8301 §3.1), RSA keys
 * have 1024 to 4096 bits.
 *
 * <p>Threads: values and stateless services, safe for any thread.
 */
@NullMarked
package io.mailserver.dkim;

import org.jspecify.annotations.NullMarked;
