"""Programs that are started here and end with us, whatever happens."""

import atexit
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TERM_S = 5.0
# Below those that the kernel hands out: nobody is given one of them before its program has started.
_PORTS = range(10_000, 32_768)


class Failed(Exception):
    """A program did not do what it was started for; the message holds its last words."""


def free_port() -> int:
    """A port on loopback that nobody listens on, and none that others will take meanwhile."""
    while is_listening(port := secrets.choice(_PORTS)):
        pass
    return port


def is_listening(port: int) -> bool:
    """Whether someone listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """A program in a session of its own, so that it ends together with all that it has started.

    A tied one has a pipe as its standard input, which closes when we are gone, even if we were
    killed: it can wait for that and end with us.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        log: Path,
        *,
        is_tied: bool = False,
    ) -> None:
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, env=env, stdout=out, stderr=out, start_new_session=True,
                stdin=subprocess.PIPE if is_tied else subprocess.DEVNULL,
            )  # fmt: skip
        atexit.register(self.stop)

    @property
    def session(self) -> int:
        """Its session, which has its process's id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def wait(self, within_s: float) -> int:
        """Its exit code, once it has ended by itself."""
        return self._process.wait(within_s)

    def last_words(self, lines: int = 30) -> str:
        """The end of what it printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End it and everything in its session, in kindness first."""
        atexit.unregister(self.stop)
        if self._process.stdin:
            self._process.stdin.close()
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, kind)
                self._process.wait(TERM_S)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self._process.wait(TERM_S)


def run(command: Sequence[str | Path], env: Mapping[str, str], log: Path, within_s: float) -> str:
    """Run a program to its end and return what it printed.

    Raises:
        Failed: it did not end well, or not in time.
    """
    program = Program(command, env, log)
    try:
        code = program.wait(within_s)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        program.stop()
    if code != 0:
        ended = f"ended with {code}" if code is not None else f"did not end in {within_s:.0f} s"
        shown = " ".join(map(str, command[:3]))
        raise Failed(f"{shown} {ended}:\n{program.last_words()}")
    return log.read_text(errors="replace")


def wait_for_port(port: int, program: Program, within_s: float) -> None:
    """Wait until someone listens.

    Raises:
        Failed: nobody does in time, or the program has ended.
    """
    until = time.monotonic() + within_s
    while time.monotonic() < until and not program.has_ended:
        if is_listening(port):
            return
        time.sleep(0.05)
    said = program.last_words() or "it has said nothing"
    raise Failed(f"nothing listens on port {port} after {within_s:.0f} s at most:\n{said}")
