"""The provider on its port: what starts and stops it, and brings it into a situation."""

from types import TracebackType
from typing import Self

from local.dws.control import Control
from local.dws.provider import Provider
from local.dws.scenarios import play


class Emulator(Provider):
    """`with Emulator() as emulator:` serves a provider of one's own on a loopback port."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, in threads of its own."""
        self.serve(Control(self).answer)

    def stop(self) -> None:
        """End every connection and thread."""
        self.close()

    def scenario(self, name: str) -> None:
        """Begin anew with a scenario.

        Raises:
            KeyError: there is no such scenario.
        """
        play(self, name)
