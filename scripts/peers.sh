# shellcheck shell=bash
# The programs of others that the tests and benchmarks talk to, and how to get them on Debian without starting their daemons.
# Sourced by ./dev after launch.sh.

# command:package
readonly peer_tools='swaks:swaks mutt:mutt dovecot:dovecot-imapd doveadm:dovecot-core postfix:postfix python3:python3 script:bsdutils curl:curl
openssl:openssl ncat:ncat nc:netcat-openbsd strace:strace ps:procps opendkim:opendkim opendmarc:opendmarc
mbsync:isync offlineimap:offlineimap3 neomutt:neomutt fetchmail:fetchmail getmail:getmail6 imapfilter:imapfilter gsasl:gsasl unbound:unbound
ldns-signzone:ldnsutils pebble:pebble chromium:chromium node:nodejs
clamd:clamav-daemon spamd:spamd rspamd:rspamd'

# module:package, for Debian's own python3
readonly peer_modules='spf:python3-spf dkim:python3-dkim nacl:python3-nacl authres:python3-authres'

# library:package
readonly peer_libraries='libopendmarc.so.2:libopendmarc2'

# package:unit, what the packages would start at the next boot
readonly peer_units='dovecot:dovecot.service dovecot:dovecot.socket postfix:postfix.service unbound:unbound.service opendkim:opendkim.service
opendmarc:opendmarc.service
clamav-daemon:clamav-daemon.service clamav-daemon:clamav-daemon.socket clamav-daemon:clamav-freshclam.service spamd:spamd.service
rspamd:rspamd.service'

# The same for Perl: without it swaks has no TLS.
readonly peer_perl_modules='Net::SSLeay=libnet-ssleay-perl'

# dovecot and postfix live in sbin, which people's PATH may lack.
export PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin

# Prints the packages whose command is missing.
missing_packages() {
    local pair
    for pair in $peer_tools; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s\n' "${pair#*:}"
    done | sort -u
    for pair in $peer_modules; do
        /usr/bin/python3 -c "import ${pair%%:*}" >/dev/null 2>&1 || printf '%s\n' "${pair#*:}"
    done
    for pair in $peer_libraries; do
        /usr/bin/python3 -c "import ctypes; ctypes.CDLL('${pair%%:*}')" >/dev/null 2>&1 || printf '%s\n' "${pair#*:}"
    done
    for pair in $peer_perl_modules; do
        perl "-M${pair%%=*}" -e 1 >/dev/null 2>&1 || printf '%s\n' "${pair#*=}"
    done
}

list_peers() {
    local pair
    for pair in $peer_tools; do
        if command -v "${pair%%:*}" >/dev/null 2>&1; then
            printf '%-10s %s\n' "${pair%%:*}" "$(command -v "${pair%%:*}")"
        else
            printf '%-10s missing: apt install %s\n' "${pair%%:*}" "${pair#*:}"
        fi
    done
}

# Installs what is missing. Debian asks policy-rc.d before it starts a package's daemon: ours says no for the time of the installation.
install_peers() {
    local packages
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    [ "$(id -u)" = 0 ] || die "--all installs missing packages and needs root for it" "missing: $(echo "$packages" | tr '\n' ' ')"
    command -v apt-get >/dev/null 2>&1 || die "--all needs Debian's apt-get" "missing: $(echo "$packages" | tr '\n' ' ')"
    say "installing" $packages
    (
        kept=''
        if [ -e /usr/sbin/policy-rc.d ]; then
            kept=$(mktemp /usr/sbin/policy-rc.d.kept.XXXXXX)
            cp -p /usr/sbin/policy-rc.d "$kept"
        fi
        restore_policy() { if [ -n "$kept" ]; then mv "$kept" /usr/sbin/policy-rc.d; else rm -f /usr/sbin/policy-rc.d; fi; }
        trap restore_policy EXIT
        trap 'exit 130' INT TERM HUP
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
        export DEBIAN_FRONTEND=noninteractive
        if echo "$packages" | grep -qx postfix && command -v debconf-set-selections >/dev/null 2>&1; then
            echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
        fi
        # --no-remove: never at the cost of a mail server that somebody uses (exim4 and postfix exclude each other).
        # shellcheck disable=SC2086  # a list of packages
        apt-get install -y -q --no-install-recommends --no-remove $packages >&2 ||
            { apt-get update -q >&2 && apt-get install -y -q --no-install-recommends --no-remove $packages >&2; } ||
            die "apt-get could not install:" "$(echo "$packages" | tr '\n' ' ')"
        # Nor at the next boot.
        if command -v systemctl >/dev/null 2>&1; then
            for pair in $peer_units; do
                echo "$packages" | grep -q "^${pair%%:*}" && systemctl --quiet disable "${pair#*:}" 2>/dev/null
            done
        fi
        exit 0
    ) || exit 1
}
