"""What a rehearsal has come to, as the widget shows it in a window of its own. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from handler.model.printable import one_line
from handler.model.result import is_command
from handler.widget.markup import Html, tag

_LONGEST: Final = 600
_MOST: Final = 40  # gates and steps: what is not ours to bound is bounded here
_WORDS: Final = {
    "would_submit": ("Every gate passes: a confirmed command would fail over now", "alert"),
    "ready": ("Ready: only an outage is missing", "ready"),
    "would_refuse": ("It would be refused", "warning"),
}
_VERDICTS: Final = {"pass": "passes", "refuse": "refuses", "unknown": "cannot tell"}
_KINDS: Final = {"pass": "up", "refuse": "down", "unknown": "down"}


def rehearsed(answer: Any) -> Html:
    """The answer of `rehearse`, or what came instead of one."""
    if not isinstance(answer, dict) or answer.get("decision") != "rehearsed":
        return failed(_text(answer))
    headline, kind = _WORDS.get(str(answer.get("reason_code")), ("Rehearsed", "warning"))
    pair = tag("h3", _text(answer.get("pair")))
    return tag(
        "section",
        tag("header", tag("span", headline, class_="dwsf-word"), pair),
        tag("p", _text(answer.get("reason")), class_="dwsf-said"),
        tag("p", _loss(answer), class_="dwsf-said"),
        *_steps(answer),
        _gates(answer),
        tag("small", "Nothing was ordered."),
        class_=f"dwsf-pair dwsf-{kind}",
    )


def failed(why: str) -> Html:
    """That it could not be asked, and why."""
    return tag(
        "section",
        tag("header", tag("span", "■ NO ANSWER", class_="dwsf-word")),
        tag("p", f"It could not be rehearsed: {one_line(why, _LONGEST)}", class_="dwsf-said"),
        tag("small", "Nothing was ordered."),
        class_="dwsf-pair dwsf-alert",
    )


def _loss(answer: Mapping[str, Any]) -> str:
    about, most = answer.get("estimated_data_loss_s"), answer.get("at_most_data_loss_s")
    if not isinstance(about, int):
        return "What would be lost cannot be told."
    end = "more if production still takes writes" if most is None else f"at most {_text(most)} s"
    return f"A failover now would lose about {about} s of data, {end}."


def _gates(answer: Mapping[str, Any]) -> Html:
    rows = [*_rows(answer.get("gates"))]
    head = tag("tr", tag("th", "gate"), tag("th", "verdict"), tag("th", "why"))
    return tag("table", head, *rows) if rows else Html("")


def _rows(gates: Any) -> Iterator[Html]:
    """Those that do not pass first."""
    found = [one for one in gates if isinstance(one, dict)] if isinstance(gates, list) else []
    found.sort(key=lambda one: one.get("verdict") == "pass")
    for one in found[:_MOST]:
        verdict = str(one.get("verdict"))
        kind = _KINDS.get(verdict, "silent")
        said = tag("b", _VERDICTS.get(verdict, one_line(verdict, 20)), class_=f"dwsf-{kind}")
        yield tag("tr", tag("td", one_line(str(one.get("gate")), 20)), tag("td", said),
                  tag("td", _text(one.get("reason"))))  # fmt: skip


def _steps(answer: Mapping[str, Any]) -> Iterator[Html]:
    """What to do, in words; commands are for a shell, and this is none."""
    steps = answer.get("next_steps")
    said = [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
    shown = [tag("li", _text(step)) for step in said[:_MOST] if not is_command(step)]
    if shown:
        yield tag("ul", *shown)


def _text(value: Any) -> str:
    return one_line(str(value), _LONGEST)
