#!/bin/sh
# Write the lock files from requirements.in and requirements-dev.in: every package in one version
# that holds for Python 3.11 to 3.14, with the hashes of its files. What was locked before stays as
# long as it fits; `make lock ARGS=--upgrade` takes the newest of what the inputs do not pin.
set -eu
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
pythons="3.11 3.12 3.13 3.14"
platforms="x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu macos"

main() {
    compile requirements.in --output-file requirements.txt "$@"
    # uv keeps the versions that it finds in the output, so this is the same selection.
    cp requirements.txt requirements-sqlite.txt
    compile requirements.in --output-file requirements-sqlite.txt --no-emit-package mysqlclient
    compile requirements-dev.in --output-file requirements-dev.txt --constraints requirements.txt "$@"
    for python in $pythons; do
        for platform in $platforms; do
            refuse_what_needs_a_compiler "$python" "$platform"
        done
    done
    echo "Locked for Python $pythons; all but the MySQL driver comes compiled."
}

# No address of an index in the files: everybody installs from where their pip or uv is told to.
compile() {
    $uv pip compile --quiet --universal --python-version "${pythons%% *}" --generate-hashes \
        --no-emit-index-url --no-emit-find-links --annotation-style line \
        --custom-compile-command "make lock" "$@"
}

# Without mysqlclient it installs where there is no compiler: each package has a built file.
refuse_what_needs_a_compiler() {
    $uv pip install --dry-run --quiet --require-hashes --only-binary :all: \
        --python-version "$1" --python-platform "$2" --target .venv/nowhere \
        --requirement requirements-sqlite.txt --requirement requirements-dev.txt
}

main "$@"
