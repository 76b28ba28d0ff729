"""What the runbook says about a code that a notice or an answer has."""

from difflib import get_close_matches
from typing import Annotated

import typer

from failoverctl.failures import ExitCode, Failure
from failoverctl.runbook import WORDS, read_runbook, sections_about, sections_of
from failoverctl.screen import out, printable


def explain(
    code: Annotated[
        list[str] | None,
        typer.Argument(
            help="A reason code, a gate, an alarm, or a word of `status`; none: list them all."
        ),
    ] = None,
) -> None:
    """Show the runbook's section about a code."""
    sections = sections_of(read_runbook())
    if not code:
        out.print("\n".join([*sections, *WORDS]))
        return
    asked = " ".join(code)
    if found := sections_about(asked, sections):
        out.print("\n\n".join(found))
        return
    known = {one.lower(): one for one in (*sections, *WORDS)}
    close = [known[one] for one in get_close_matches(asked.lower(), known, n=3, cutoff=0.5)]
    hint = f"did you mean {', '.join(close)}?" if close else "`failoverctl explain` lists them all"
    raise Failure(f"the runbook has no section for {printable(asked)}: {hint}", ExitCode.USAGE)
