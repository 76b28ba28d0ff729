"""What a process uses, as the kernel counts it (Linux)."""

import re
import time
from pathlib import Path

# The clock of another process's CPU: clock_getcpuclockid(3), as Linux makes it from a process id.
_OF_THE_SCHEDULER = 2


def cpu_s(pid: int) -> float:
    """CPU seconds of a process, its ended threads included; 0 once it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | _OF_THE_SCHEDULER)
    except OSError:
        return 0.0


def peak_mb(pid: int) -> float:
    """The most memory that a process has held, in MB of 1,048,576 bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")
