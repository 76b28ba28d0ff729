"""One result as a person reads it: what was decided, the gates in the way, what to do next."""

from collections.abc import Iterator

from rich.text import Text

from failoverctl.answers import LETS_PASS, Result, objects, span, text
from failoverctl.deployment import Deployment
from failoverctl.screen import out, plain, printable
from failoverctl.standing import STATES
from failoverctl.words import command_in, line_of, sentence_of

_GOOD = ("succeeded", "submitted", "rehearsed", "status", "acknowledged", "paused", "resumed")
_BAD_CODES = ("would_refuse", *(code for code in STATES if code not in ("brief", "ready")))


def show(deployment: Deployment, result: Result) -> None:
    """Show a result."""
    is_good = text(result, "decision") in _GOOD and text(result, "reason_code") not in _BAD_CODES
    headline = Text.assemble(
        plain(result.get("pair") or result.get("disaster_recovery_id") or "-", "bold"), "  ",
        plain(text(result, "decision").replace("_", " "), "green" if is_good else "yellow"), "  ",
        plain(text(result, "reason_code"), "dim"),
    )  # fmt: skip
    out.print(headline)
    out.print(Text("  ") + plain(text(result, "reason")))
    for line in _figures(result):
        out.print(Text("  ") + line)
    show_gates(result)
    show_steps(deployment, result)


def _figures(result: Result) -> Iterator[Text]:
    loss, most = result.get("estimated_data_loss_s"), result.get("at_most_data_loss_s")
    is_of_now = _is_of_now(result)
    if span(loss) and (result.get("run_id") or is_of_now):
        end = f"at most {span(most)}" if span(most) else "more, if production still takes writes"
        name = "A failover now would lose" if is_of_now else "Data loss"
        yield plain(f"{name}: about {span(loss)}, {end}")
    timings = result.get("timings")
    if isinstance(timings, dict) and span(timings.get("recovery_time_s")):
        yield plain(f"Recovery time: {span(timings['recovery_time_s'])}")
    if run_id := text(result, "run_id"):
        who = {"ours": " (our own order)", "other": " (not by our order)"}
        name = "Last run" if is_of_now else "Run"
        yield plain(f"{name}: {run_id}{who.get(text(result, 'attribution'), '')}")


def _is_of_now(result: Result) -> bool:
    """Whether the figures of a status are of this moment: those of a run come with its times."""
    timings = result.get("timings")
    is_of_run = isinstance(timings, dict) and "claimed_at" in timings
    return text(result, "decision") == "status" and not is_of_run


def show_gates(result: Result) -> None:
    """The gates in the way; of the others how many there are."""
    gates = objects(result, "gates")
    if not gates:
        return
    others = [one for one in gates if one.get("verdict") not in LETS_PASS]
    aside = [one for one in gates if one.get("verdict") == "overridden"]
    for one in (*others, *aside):
        style = "yellow" if one in aside else "red"
        out.print(
            Text.assemble(
                "  ", (f"{text(one, 'verdict'):<11}", style),
                plain(text(one, "gate"), "bold"), ": ", plain(text(one, "reason")),
            )
        )  # fmt: skip
    passing = len(gates) - len(others) - len(aside)
    out.print(Text("  ") + plain(f"{passing} of {len(gates)} gates pass", "dim"))


def show_steps(deployment: Deployment, result: Result) -> None:
    """What a person does next: a sentence, or what a command does and the command."""
    steps = result.get("next_steps")
    if not isinstance(steps, list) or not steps:
        return
    out.print("Next:", style="bold")
    for step in steps:
        out.print(_step(deployment, step))


def _step(deployment: Deployment, step: str) -> Text:
    command = command_in(step)
    if command is None:
        return Text("  ") + plain(sentence_of(step))
    return Text("    ") + plain(printable(line_of(command, deployment.options)), "cyan")
