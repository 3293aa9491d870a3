/**
 * What a browser gets: the webmail's files, which are a JMAP client and nothing more, and the login that all programs may use.
 *
 * <p>The login, in JSON, for our own pages and for programs; no answer is stored ({@code Cache-Control: no-store}):
 *
 * <ul>
 *   <li>{@code POST /auth/login {"username", "password", "device"}}: sets the cookie ({@code __Host-session} over TLS, {@code session} in
 *       plain on loopback; HttpOnly, SameSite=Strict) and answers {@code {"username", "csrf"}}. With {@code "grant": "token"} no cookie is
 *       set, and the answer is {@code {"username", "accessToken", "refreshToken", "expiresIn"}} (seconds). 401: name or password is wrong;
 *       429 with Retry-After: locked after too many failures.
 *   <li>{@code POST /auth/refresh {"refreshToken"}}: the same answer as a token login; the refresh token is a new one, the one before is
 *       good for five minutes more. 401: sign in again.
 *   <li>{@code GET /auth/session}: {@code {"username", "csrf"}} where the cookie is good ({@code {"username"}} for the other ways), else
 *       401.
 *   <li>{@code POST /auth/logout}: 204; the device is signed out, the cookie removed.
 * </ul>
 *
 * <p>An operator's one-time link ({@link io.mailserver.web.LinkEndpoints}), in JSON, without being signed in: {@code POST /links/look
 * {"token"}} answers what it is good for, {@code POST /links/use {"token", "name", "displayName", "password"}} does it, once. 404: used or
 * over; 422: name or password cannot be used; 429 with Retry-After.
 *
 * <p>Every other request says who sends it by {@code Authorization: Basic} or {@code Bearer}, or by the cookie, and with the cookie, unless
 * it is GET or HEAD, by {@code X-CSRF-Token} with the {@code csrf} of the login. All front doors ask
 * {@link io.mailserver.account.RequestLogin}, which {@code AccountSystem.requestLogin()} returns and which decides alone. A failure is
 * answered as {@code {"error"}}.
 *
 * <p>Standards: RFC 9110 (HTTP), RFC 8246 (immutable answers), RFC 6265 (cookies), RFC 6750 (bearer tokens),
 * RFC 7617 (Basic), RFC 9700 §4.14 (refresh tokens).
 *
 * <p>Invariants: no secret is in a log or a URL; what a browser sends by itself changes nothing; nothing inline and nothing of other sites
 * runs, since every page carries its Content-Security-Policy; a message's HTML is shown in pages of their own that run no script at all
 * and load nothing of strangers unless asked; a path is looked up in the list of the build's files, never on disk.
 *
 * <p>Threads: a virtual thread for each request; what is here is immutable.
 *
 * <p>Start with {@link io.mailserver.web.Webmail} and {@link io.mailserver.web.LoginEndpoints}; the sources are in {@code src/main/web},
 * how they become files is decision 0820.
 */
@NullMarked
package io.mailserver.web;

import org.jspecify.annotations.NullMarked;
