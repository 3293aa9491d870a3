/** Tests of the SMTP client, most of them with {@code simulation.ScriptedPeer}. */
@NullMarked
package io.mailserver.smtpclient;

import org.jspecify.annotations.NullMarked;
