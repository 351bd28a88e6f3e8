"""Becomes another program that ends when its parent ends, even if the parent was killed outright.

    python -I -S tied.py SIGNAL PARENT|- LOCK_FILE|- PROGRAM [ARGUMENT …]

With a lock file, the program starts only once nobody else holds that lock, and holds it for as long as it runs: a
broker that is still writing its last lines is waited for, never joined on the same files. The file descriptor and the
wish to be told of the parent's death both outlive `exec`. Elsewhere than on Linux nothing tells a process of its
parent's death; there a killed supervisor leaves its children to be ended by hand.
"""

import ctypes
import fcntl
import os
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int, parent: int | None = None) -> None:
    """Ask for this signal when the parent dies; or take it now, where that has happened already.

    The system tells of deaths to come alone: a parent that was killed while this process was starting would be waited
    for in vain. `parent` is the number of the one that must live; where nobody could say it beforehand, an orphan is
    known by being the child of the first process, which none of ours is.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    present = os.getppid()
    if present == 1 if parent is None else present != parent:
        os.kill(os.getpid(), number)


def main(number: int, parent: str, lock: str, command: list[str]) -> None:
    end_with_parent(number, None if parent == "-" else int(parent))
    if lock != "-":
        held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        os.set_inheritable(held, True)
    os.execvp(command[0], command)  # noqa: S606 - a program of ours, never a shell's line


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])
