"""What the doctor asks the function itself; a trouble with that is a line as any other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from failoverctl.answers import Result, results_in
from failoverctl.deployment import Deployment
from failoverctl.doctor.people import new_code, of_test_notice
from failoverctl.doctor.report import Kind, Line
from failoverctl.failures import Failure
from failoverctl.received import Answer
from failoverctl.sending import look, send
from failoverctl.words import whom


@dataclass
class Asking:
    """The function, and what went wrong when it was asked."""

    deployment: Deployment
    troubles: list[Line] = field(default_factory=list)

    def status(self, pair: str | None) -> list[Result]:
        """How pairs stand: one, or all."""
        answer = self._ask(look, {"command": "status", **whom(pair)})
        return [] if answer is None else results_in(answer)

    def test_notice(self, pair: str | None, typed: Callable[[], str] | None) -> Iterator[Line]:
        """Send a notice on purpose; where somebody can be asked, ask whether it has come."""
        code, before = new_code(), len(self.troubles)
        answer = self._ask(send, {"command": "test_notice", "code": code, **whom(pair)})
        if answer is None:
            yield from self.troubles[before:]
            return
        yield from of_test_notice(answer, code, typed)

    def _ask(
        self, how: Callable[[Deployment, Mapping[str, Any]], Answer], command: Mapping[str, Any]
    ) -> Answer | None:
        try:
            return how(self.deployment, command)
        except Failure as failure:
            said = f"the function cannot be asked ({command['command']}): {failure.sentence}"
            self.troubles.append(Line(Kind.BAD, said))
            return None
