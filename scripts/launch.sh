# shellcheck shell=bash
# What ./mailserver, ./mini-smtp and ./dev share: find a JDK 25, build when needed, run jars with the AOT cache.
# Sourced with $home set to the folder of the project (or of the installation, which has no pom.xml and is never built).
# An installation: $home/{mailserver,scripts/launch.sh,mailserver.jar,lib/*.jar,mailserver.aot}; in the project the jars that run
# are in target/run/, replaced as a whole after a build, so that Maven never writes into the jar of a server that runs.
# shellcheck disable=SC2154  # home comes from the script that sources this one

readonly required_java=25

say() { printf '%s\n' "$*" >&2; }
die() { say "mailserver: $1"; shift; for line in "$@"; do say "  $line"; done; exit 1; }

# Prints the feature version (25) of the Java below folder $1; nothing if there is none.
java_version_of() {
    [ -x "$1/bin/java" ] || return 1
    local version=''
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release")
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    fi
    printf '%s' "$version"
}

# Whether folder $1 holds a Java that is new enough, and with $need_compiler set, a compiler.
java_fits() {
    local version
    version=$(java_version_of "$1") || return 1
    [ "${version:-0}" -ge "$required_java" ] 2>/dev/null || return 1
    [ -z "${need_compiler:-}" ] || [ -x "$1/bin/javac" ]
}

# Sets and exports JAVA_HOME, or ends with what to install.
find_java() {
    local candidate on_path=''
    if command -v java >/dev/null 2>&1; then
        on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    fi
    for candidate in "${MAILSERVER_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
        /usr/local/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        if [ -n "$candidate" ] && java_fits "$candidate"; then
            export JAVA_HOME=$candidate
            return
        fi
    done
    die "no JDK $required_java found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks)" \
        "Debian 13, Ubuntu 25.10 and newer:  sudo apt install openjdk-25-jdk-headless" \
        "Debian 12, Ubuntu 24.04 (Temurin, https://adoptium.net/installation/linux):  sudo apt install temurin-25-jdk" \
        "elsewhere: unpack a JDK 25 and set JAVA_HOME to its folder"
}

# Sets $jars to the folder of mailserver.jar.
locate_jars() {
    case $home in *:*) die "the path \"$home\" has a colon, which Java cannot have on its class path" "move the folder" ;; esac
    if [ -e "$home/pom.xml" ]; then jars=$home/target/run; else jars=$home; fi
}

# Whether the jar is missing or older than what it is made from. Folders count too: removing a file changes them.
build_is_stale() {
    [ -e "$home/pom.xml" ] || return 1
    [ -z "${MAILSERVER_NO_BUILD:-}" ] || return 1
    [ -e "$jars/built" ] || return 0
    [ -n "$(find "$home/src/main" "$home/src/build" "$home/pom.xml" -newer "$jars/built" -print -quit)" ]
}

# Runs $@ alone among all builds in this folder.
locked() {
    mkdir -p "$home/target"
    if ! command -v flock >/dev/null 2>&1; then "$@"; return; fi
    (
        if ! flock -n 9; then
            say "waiting for another build in $home"
            flock 9
        fi
        "$@" 9>&-
    ) 9>"$home/target/build.lock"
}

# Maven within 1 GB of memory, quiet about its own libraries' age.
maven() {
    command -v mvn >/dev/null 2>&1 || die "building needs Maven (mvn), which is not installed" \
        "Debian, Ubuntu:  sudo apt install maven        (3.8 or newer)"
    MAVEN_OPTS="-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" mvn -f "$home/pom.xml" -B "$@"
}

build_now() {
    build_is_stale || return 0    # another start built it while this one waited
    say "building, about a minute (only after a change; details in target/build.log)"
    rm -rf "$home/target/lib"     # jars of an older pom.xml
    : >"$home/target/building"    # its time is the build's: what is edited meanwhile is built next time
    if ! maven -q -DskipTests -Dmaven.test.skip=true "-Dlint=${build_lint:-off}" package >"$home/target/build.log" 2>&1; then
        grep -v '^WARNING: ' "$home/target/build.log" | tail -25 >&2
        die "the build failed; the whole output is in $home/target/build.log" \
            "the first build downloads libraries and needs the network; see docs/installation.md"
    fi
    place_jars
    make_aot_cache
}

# Makes target/run from what Maven built, at one stroke.
place_jars() {
    local fresh=$home/target/run.new
    rm -rf "$fresh" "$home/target/run.old"
    mkdir -p "$fresh/lib" && cp "$home/target/mailserver.jar" "$fresh/" \
        && "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$fresh/mailserver.jar" io.mailserver.app.UnsignedJars \
            "$home/target/lib" "$fresh/lib" \
        && mv "$home/target/building" "$fresh/built" || die "cannot write $fresh"
    [ ! -e "$jars" ] || mv "$jars" "$home/target/run.old"
    mv "$fresh" "$jars" || die "cannot make $jars"
    rm -rf "$home/target/run.old"
}

build_if_needed() {
    if build_is_stale; then
        need_compiler=yes find_java
        locked build_now || exit 1
    fi
}

# Finds Java, builds what must be built, and leaves all ready for run_java.
prepare_to_run() {
    locate_jars
    build_if_needed
    find_java
    if aot_cache_is_stale; then make_aot_cache; fi
}

# The flags of every run. The AOT cache takes only those it was made with.
java_flags() {
    # Young generation and poller mode: docs/decisions/0500-flags-of-every-run.md.
    flags=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms32m "-Xmx${MAILSERVER_HEAP:-256m}" -Xmn20m -XX:SurvivorRatio=2
        -Djdk.pollerMode=1 -XX:MaxDirectMemorySize=64m
        -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 # docs/decisions/0502-aot-cache-where-it-was-made-for.md
        -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData --enable-native-access=ALL-UNNAMED
        -Djdk.tls.rejectClientInitiatedRenegotiation=true
        -Djava.awt.headless=true -Dfile.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8)
}

class_path() {
    local jar
    class_path=$jars/mailserver.jar
    for jar in "$jars"/lib/*.jar; do class_path=$class_path:$jar; done
}

# Which Java made the cache: another one rejects it.
java_identity() { printf '%s %s\n' "$JAVA_HOME" "$(cksum <"$JAVA_HOME/release" 2>/dev/null)"; }

# Whether the cache is to be made for this Java; asked once for each Java, so that a failure is not repeated at every start.
aot_cache_is_stale() {
    [ -w "$jars" ] && [ -z "${MAILSERVER_NO_BUILD:-}" ] && [ "$(cat "$jars/aot.java" 2>/dev/null)" != "$(java_identity)" ]
}

# Trains on one real start and one mail, in a temporary folder. Never fails a start: without a cache the server is only slower up.
make_aot_cache() {
    local scratch
    rm -f "$jars/mailserver.aot"
    java_identity >"$jars/aot.java"
    [ -z "${MAILSERVER_NO_AOT:-}" ] || return 0
    java_flags
    class_path
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/mailserver-aot.XXXXXX") || return 0
    if timeout 120 "$JAVA_HOME/bin/java" "${flags[@]}" "-XX:AOTCacheOutput=$scratch/mailserver.aot" -cp "$class_path" \
        io.mailserver.app.AotTraining "$scratch/data" >"$scratch/log" 2>&1 && [ -s "$scratch/mailserver.aot" ]; then
        cp "$scratch/mailserver.aot" "$jars/mailserver.aot.new" && mv "$jars/mailserver.aot.new" "$jars/mailserver.aot"
    else
        say "the AOT cache could not be made (the server starts slower, nothing else); see $jars/aot.log"
    fi
    cp "$scratch/log" "$jars/aot.log" 2>/dev/null
    rm -rf "$scratch"
    return 0
}

# Becomes Java: run_java MAIN-CLASS ARGUMENTS. Signals reach the server itself.
run_java() {
    java_flags
    class_path
    if [ -e "$jars/mailserver.aot" ]; then
        # A rejected cache is no line among the server's own; ./mailserver status tells.
        flags+=("-XX:AOTCache=$jars/mailserver.aot" -Xlog:aot=off -Xlog:cds=off)
    fi
    # shellcheck disable=SC2206  # options of the person who starts, to be split
    flags+=("-Dmailserver.home=$home" "-Dmailserver.jars=$jars" "-Dmailserver.aot=$jars/mailserver.aot" ${MAILSERVER_JAVA_OPTS:-})
    exec "$JAVA_HOME/bin/java" "${flags[@]}" -cp "$class_path" "$@"
}
