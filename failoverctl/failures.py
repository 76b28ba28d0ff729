"""What ends a command other than well: one sentence with the way out, and an exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a shell is told; docs/failoverctl.md, "Exit codes"."""

    DONE = 0
    NOT_DONE = 1
    USAGE = 2
    UNREACHABLE = 3
    FUNCTION_FAILED = 4
    UNCERTAIN = 5
    INTERRUPTED = 130


class Failure(Exception):
    """The command ends here; `sentence` says why and what helps.

    Attributes:
        what: the same without what helps whoever has ordered nothing yet.
    """

    def __init__(
        self, what: str, code: ExitCode = ExitCode.NOT_DONE, *, then_helps: str = ""
    ) -> None:
        self.what = what
        self.sentence = f"{what}. {then_helps}" if then_helps else what
        self.code = code
        super().__init__(self.sentence)


class Denied(Failure):
    """Whoever asks may not do this; nothing was sent."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, ExitCode.UNREACHABLE)


class FunctionFailed(Failure):
    """The function has raised an error, whose name is a part of its contract."""

    def __init__(self, name: str, message: str, then_helps: str = "") -> None:
        super().__init__(f"{name}: {message}", ExitCode.FUNCTION_FAILED, then_helps=then_helps)
        self.name = name


class AnswerLost(Failure):
    """The command may have arrived, and its answer did not come back."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, ExitCode.UNCERTAIN)


class NotTheFunction(AnswerLost):
    """Somebody else has answered; what they have done is not known."""


class NoResult(AnswerLost):
    """Something came back, and none of the function's results: it has another version, perhaps."""
