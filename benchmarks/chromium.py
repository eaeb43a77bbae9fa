"""Where Chromium is: without windows, as Debian packages it for tests, or else the whole browser."""

import shutil


def path() -> str:
    """Return the path of Chromium; the one without windows takes half of the time.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        raise FileNotFoundError("Chromium is needed; install it with `sudo apt-get install chromium-headless-shell`")
    return found
