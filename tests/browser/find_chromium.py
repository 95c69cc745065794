"""Find a Chromium, or install the system's: `python tests/browser/find_chromium.py --install`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium, None if there is none; $CHROMIUM may give another path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_arabic_font() -> bool:
    """Return whether fontconfig knows a font with Arabic letters."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=ar"], capture_output=True, text=True, check=False)  # noqa: S607
    return bool(listed.stdout.strip())


def install() -> int:
    """Install Chromium and Arabic fonts from the packages of the system, if they are missing."""
    if find_chromium() and has_arabic_font():
        return 0
    wanted = ["chromium", "fonts-noto-core"]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(
            "No Chromium with an Arabic font was found, and the browser tests need one. Install "
            f"the packages {' and '.join(wanted)} (Debian: apt-get install {' '.join(wanted)}), or "
            "set CHROMIUM to its path, and run again.\n"
        )
        return 1
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *wanted]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.stderr.write(f"{' '.join(command)} ended with {done.returncode}\n")
            return 1
    return 0 if find_chromium() else 1


if __name__ == "__main__":
    sys.exit(install() if "--install" in sys.argv else 0)
