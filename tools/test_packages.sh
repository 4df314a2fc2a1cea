#!/bin/sh
# What `make test` needs from the system beside Python: two servers, a browser, a compiler.
# Installs only what is missing, and only on Debian and Ubuntu; elsewhere it names what to install.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh

PATH=$PATH:/usr/sbin:/usr/local/sbin

main() {
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if may_install_packages; then
        echo "Installing for the tests: $(echo $missing) …"
        install_packages $missing || true
        missing=$(missing_packages)
    fi
    if [ -n "$missing" ]; then
        echo "The tests need these packages (Debian's names), and they could not be installed here:" >&2
        echo "  apt install $(echo $missing)" >&2
        exit 1
    fi
}

missing_packages() {
    have mariadbd && have mariadb-install-db || echo mariadb-server-core
    have mariadb || echo mariadb-client
    have redis-server || echo redis-server
    have chromium || have chromium-browser || have google-chrome || echo chromium
    { pkg-config --exists libmariadb || pkg-config --exists mysqlclient; } 2>/dev/null || echo libmariadb-dev
    have pkg-config || echo pkg-config
    have gcc || have "${CC:-gcc}" || echo gcc
}

have() {
    command -v "$1" >/dev/null 2>&1
}

main
