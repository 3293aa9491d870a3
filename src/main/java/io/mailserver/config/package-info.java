/**
 * The configuration as immutable records: a YAML file, {@code --set key=value} on top, defaults below.
 *
 * <p>Invariants: a record that exists is valid, so nobody checks its values again. Each key is documented once, by {@link
 * io.mailserver.config.Key} on its component; loader, default file and reference are made from that. Secrets are read from files or
 * the environment and never printed. Nothing here is the business of one account or domain: those live in the system database.
 *
 * <p>How it works: {@link io.mailserver.config.YamlReader} makes {@link io.mailserver.config.ConfigNode}s that know their line, {@link
 * io.mailserver.config.Binder} makes records of them. Threads: everything is immutable or used by one thread.
 *
 * <p>Start with {@link io.mailserver.config.Config} and {@link io.mailserver.config.ConfigLoader#load}.
 */
@NullMarked
package io.mailserver.config;

import org.jspecify.annotations.NullMarked;
