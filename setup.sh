#!/bin/sh
# Sets up what a target needs: the Python environment, or programs of the system.
#   setup.sh environment DIR             a virtual environment with requirements.txt
#   setup.sh system PROGRAM PACKAGE...   a program; installed without asking where that is possible
set -eu

install() {
    if [ "$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=none; fi
    if [ "$as" = none ] || ! command -v apt-get >/dev/null; then
        echo "This needs $*; install it with:  sudo apt-get install $*" >&2
        exit 1
    fi
    echo "installing $* ..."
    $as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -qq -y $*" >/dev/null
}

case "$1" in
environment)
    python="${PYTHON:-python3}"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "This course needs Python 3.11 or newer; name it with:  make PYTHON=/path/to/python3.11 course" >&2
        exit 1
    }
    "$python" -c 'import ensurepip' 2>/dev/null || install python3-venv
    echo "creating $2 (a minute or two) ..."
    # Anew: what an older Python or an older list of versions has left there would be in the way.
    "$python" -m venv --clear "$2"
    "$2/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
    # The course's own package, by what has just been installed: notebooks opened from anywhere find `autograder`.
    "$2/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    # matplotlib lists the fonts once; a grading sandbox is then given the list.
    "$2/bin/python" -c 'import matplotlib.font_manager'
    ;;
system)
    command -v "$2" >/dev/null || { shift 2; install "$@"; }
    ;;
*)
    echo "usage: setup.sh environment DIR | system PROGRAM PACKAGE..." >&2
    exit 2
    ;;
esac
