# Sourced by the other scripts: how this project asks Debian and Ubuntu for a package.

# May we install packages here without asking anybody?
may_install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}

# install_packages NAME… : quiet, without questions; what apt said is shown only when it failed.
install_packages() {
    apt_log=$(mktemp)
    if ! try_apt install "$@"; then
        # A fresh container has no package lists, an old machine has stale ones.
        try_apt update
        if ! try_apt install "$@" && ! { sleep 5; try_apt update; try_apt install "$@"; }; then
            tail -n 20 "$apt_log" >&2
            rm -f "$apt_log"
            return 1
        fi
    fi
    rm -f "$apt_log"
}

try_apt() {
    apt_verb=$1
    shift
    [ "$apt_verb" = update ] || set -- --yes --no-install-recommends "$@"
    as_root apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$apt_verb" "$@" \
        >>"$apt_log" 2>&1 </dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        # sudo drops the environment; apt still has to find the proxy.
        sudo -n env DEBIAN_FRONTEND=noninteractive \
            "http_proxy=${http_proxy:-}" "https_proxy=${https_proxy:-}" "no_proxy=${no_proxy:-}" "$@"
    fi
}
