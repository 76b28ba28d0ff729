"""Time that passes when it is waited for, and not otherwise."""

from datetime import timedelta

from situations import NOW


class Clock:
    def __init__(self):
        self._passed = timedelta()

    def now(self):
        return NOW + self._passed

    def wait(self, seconds):
        self._passed += timedelta(seconds=seconds)
