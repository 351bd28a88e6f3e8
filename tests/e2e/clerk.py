"""Someone with the keys to the installation under test: makes people, and looks up what no browser may see.

The clerk is a process of its own, because the installation has settings, secrets and a database of its own. One
line of JSON asks, one answers:

    clerk.ask("a_learner", language="ar")

`tests.e2e.clerks_office` holds what can be asked.
"""

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

from elearning.embedded import supervision
from elearning.places import BASE_DIR
from tests.system import LiveSystem

_OFFICE = "from tests.e2e import clerks_office; clerks_office.serve()"


class Clerk:
    """Ready when the first question is answered."""

    def __init__(self, system: LiveSystem):
        self._log = system.data_dir / "logs" / "clerk.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", _OFFICE]
        self._process = subprocess.Popen(
            supervision.tied(command),
            cwd=BASE_DIR,
            env=system.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log.open("w"),
            text=True,
        )

    def ask(self, deed: str, **facts: Any) -> Any:
        """What the function of this name in the office returns; an object where it returns a dictionary."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"deed": deed, "facts": facts}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"The clerk has left:\n{self._log.read_text()[-3000:]}"
        told = json.loads(line, object_hook=lambda pairs: SimpleNamespace(**pairs))
        assert not hasattr(told, "problem"), f"The clerk could not do “{deed}”:\n{told.problem}"
        return told.answer

    def dismiss(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
