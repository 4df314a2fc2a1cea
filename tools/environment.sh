#!/bin/sh
# Make .venv: `tools/environment.sh run` for the product, `tools/environment.sh dev` for checks and
# tests as well. Costs nothing when nothing changed. PYTHON=… chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh

variant=${1:-run}
venv_python=.venv/bin/python
stamp=.venv/installed

main() {
    if is_up_to_date; then
        return
    fi
    python=$(find_python) || stop_without_python
    started=$(date +%s)
    is_usable || make_venv
    if prepare_to_build_the_driver; then
        install_everything || install_all_but_the_driver
    else
        install_all_but_the_driver
    fi
    echo "Python environment ready in $(($(date +%s) - started)) s (.venv)."
}

# The stamp's three words: what was installed (run or dev), its fingerprint, with or without driver.
is_up_to_date() {
    [ -f $stamp ] && is_usable || return 1
    read -r had print driver <$stamp
    [ "$print" = "$(fingerprint)" ] || return 1
    [ "$had" = dev ] || [ "$had" = "$variant" ] || return 1
    if [ "$driver" = without ]; then
        # Somebody may have installed the missing parts, or wants the driver now.
        if can_build_the_driver $venv_python; then return 1; fi
        case ${DATABASE_URL:-} in mysql*) if may_install_packages; then return 1; fi ;; esac
        say_without_driver
    fi
}

# The scripts in a virtual environment do not survive a move.
is_usable() {
    [ "$(cat .venv/place 2>/dev/null)" = "$(pwd -P)" ] && $venv_python -c "" 2>/dev/null
}

fingerprint() {
    cat requirements.txt requirements-sqlite.txt requirements-dev.txt | cksum | tr ' ' '-'
}

# The newest first, but rather one that brings pip along than one we would have to complete.
find_python() {
    incomplete=
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        "$candidate" -c "import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 || continue
        python=$("$candidate" -c "import sys; print(sys.executable)")
        if outside_pip --version >/dev/null 2>&1 || has_ensurepip; then
            echo "$python"
            return
        fi
        incomplete=${incomplete:-$python}
    done
    echo "$incomplete"
    [ -n "$incomplete" ]
}

stop_without_python() {
    echo "This needs Python 3.11 or newer, and found none on the PATH." >&2
    echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it: PYTHON=/path/to/python3.12 make run" >&2
    exit 1
}

# With a pip outside, a bare environment will do and saves its five seconds; uv then goes into it.
make_venv() {
    rm -rf .venv
    echo "Making .venv with $($python --version) …"
    if outside_pip --version >/dev/null 2>&1; then
        $python -m venv --without-pip .venv
    elif has_ensurepip; then
        $python -m venv .venv
    elif command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" .venv
    elif may_install_packages && install_packages "$(debian_python)-venv"; then
        $python -m venv .venv
    else
        echo "Python's venv module is incomplete here and there is no pip. Install it first:" >&2
        echo "  apt install $(debian_python)-venv" >&2
        exit 1
    fi
    pwd -P >.venv/place
}

# `pip --python` came with pip 22.3; an older one fails here, as if there were none.
outside_pip() {
    $python -m pip --python "$python" "$@"
}

has_ensurepip() {
    $python -c "import ensurepip" 2>/dev/null
}

# Debian names its packages python3 for its own version and python3.12 for others.
debian_python() {
    case ${python:=$($venv_python -c "import sys; print(sys._base_executable)")} in
        /usr/bin/python3*) $python -c "import sys; print('python%d.%d' % sys.version_info[:2])" ;;
        *) echo python3 ;;
    esac
}

prepare_to_build_the_driver() {
    if can_build_the_driver $venv_python || $venv_python -c "import MySQLdb" 2>/dev/null; then
        return
    fi
    may_install_packages || return 1
    echo "Installing what the MySQL driver is built with …"
    install_packages libmariadb-dev pkg-config gcc || return 1
    has_headers $venv_python || install_packages "$(debian_python)-dev" || return 1
    can_build_the_driver $venv_python
}

# mysqlclient has no wheel for Linux: it is compiled here.
can_build_the_driver() {
    { pkg-config --exists libmariadb || pkg-config --exists mysqlclient; } 2>/dev/null &&
        command -v "${CC:-gcc}" >/dev/null 2>&1 && has_headers "$1"
}

has_headers() {
    "$1" -c "import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path('include'), 'Python.h')))"
}

install_everything() {
    install_from requirements.txt || return 1
    echo "$variant $(fingerprint) with" >$stamp
}

install_all_but_the_driver() {
    install_from requirements-sqlite.txt || {
        echo "Python packages could not be installed; see above." >&2
        exit 1
    }
    echo "$variant $(fingerprint) without" >$stamp
    say_without_driver
}

say_without_driver() {
    packages="libmariadb-dev pkg-config gcc $(debian_python)-dev"
    case ${DATABASE_URL:-} in
        mysql*)
            echo "DATABASE_URL names MySQL or MariaDB, and their driver could not be built. First:" >&2
            echo "  apt install $packages" >&2
            exit 1
            ;;
    esac
    echo "Note: the MySQL driver is not installed; SQLite works. For MySQL or MariaDB first:"
    echo "  apt install $packages"
}

# uv is ten times faster. Where it cannot be had, or does not know what pip is configured to know
# (an index, a certificate), pip does the same, and it is pip that says what is wrong. Both take
# only files with the hashes of the lock files.
install_from() {
    set -- --require-hashes --requirement "$1"
    if [ "$variant" = dev ]; then set -- "$@" --requirement requirements-dev.txt; fi
    echo "Installing Python packages …"
    if find_uv && { uv_install "$@" || UV_SYSTEM_CERTS=true uv_install "$@"; }; then
        return
    fi
    echo "Trying with pip …"
    inside_pip install "$@"
}

uv_install() {
    "$uv" pip install --quiet --python $venv_python "$@" 2>/dev/null
}

find_uv() {
    uv=$(command -v uv) && return
    uv=.venv/bin/uv
    [ -x $uv ] || install_uv 2>/dev/null
}

install_uv() {
    sed -n '/^uv==/,/# via/p' requirements-dev.txt >.venv/uv.txt
    inside_pip install --require-hashes --requirement .venv/uv.txt
}

inside_pip() {
    if $venv_python -m pip --version >/dev/null 2>&1; then
        $venv_python -m pip --quiet --quiet --disable-pip-version-check "$@"
    else
        $python -m pip --python $venv_python --quiet --quiet --disable-pip-version-check "$@"
    fi
}

main
