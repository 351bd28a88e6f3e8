"""Everything a machine can see without running the system: one line for each check, and why where it fails."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from elearning.places import BASE_DIR

# Modules that hold rules and nothing else: no database, no clock. Their types are checked.
PURE = (
    "grading.py",
    "rules.py",
    "drawing.py",
    "scenario.py",
    "encoding.py",
    "carrying.py",
    "changed_words.py",
    "comparison.py",
    "correcting.py",
    "delta.py",
    "prerequisites.py",
    "release_policy.py",
)
PYTHON = [sys.executable, "-m"]
# Called by its function: as a module it does nothing and says that all is well.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
MANAGE = [sys.executable, "manage.py"]


def main() -> int:
    pure = [str(path.relative_to(BASE_DIR)) for name in PURE for path in sorted(BASE_DIR.glob(f"*/{name}"))]
    checks = {
        "architecture and templates": [*PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "tests/architecture"],
        "style": [*PYTHON, "ruff", "check", "--quiet", "."],
        "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
        "import contracts": [sys.executable, "-c", LINT_IMPORTS],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "messages": [*MANAGE, "messages", "check"],
        "types": [*PYTHON, "mypy", *pure, "elearning/embedded", "elearning/places.py"],
    }
    with ThreadPoolExecutor(2) as two_at_a_time:
        held = list(two_at_a_time.map(_holds, checks, checks.values()))
    print(f"\n{held.count(True)} checks hold, {held.count(False)} do not", flush=True)
    return 0 if all(held) else 1


def _holds(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = "does not hold:" if done.returncode else "holds"
    told = f"\n{done.stdout}" if done.returncode else ""
    print(f"  {name:<28} {time.monotonic() - began:>4.0f} s  {verdict}{told}", flush=True)
    return not done.returncode


if __name__ == "__main__":
    sys.exit(main())
