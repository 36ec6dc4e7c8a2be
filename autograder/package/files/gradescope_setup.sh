#!/usr/bin/env bash
# Installs what grading needs. Gradescope runs this once, as root, when it builds the image.
set -euo pipefail

source="${AUTOGRADER_ROOT:-/autograder}/source"

fitting_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! fitting_python >/dev/null; then
    apt-get update
    apt-get install --yes python3.12-venv || apt-get install --yes python3.11-venv
fi
"$(fitting_python)" -m venv "$source/.venv"
"$source/.venv/bin/python" -m pip install --no-cache-dir --requirement "$source/requirements.txt"
