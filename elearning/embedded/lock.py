"""Pins every requirement anew: `requirements*.in` to `requirements*.txt`, `package.json` to its lock.

The locks hold versions and hashes for every platform and Python from 3.11 on, and name no registry.
"""

import subprocess

from elearning.embedded.setup import VENV, npm
from elearning.places import BASE_DIR


def main() -> None:
    # The development lock is constrained by the other, so that comes first.
    for name in ("requirements-setup", "requirements-node", "requirements", "requirements-dev"):
        command = [str(VENV / "bin" / "uv"), "pip", "compile", "--quiet", "--upgrade", "--universal"]
        pinned = ["--python-version", "3.11", "--generate-hashes"]
        subprocess.run([*command, *pinned, "-o", f"{name}.txt", f"{name}.in"], cwd=BASE_DIR, check=True)
    node, environment = npm()
    subprocess.run([*node, "update", "--package-lock-only"], cwd=BASE_DIR, env=environment, check=True)


if __name__ == "__main__":
    main()
