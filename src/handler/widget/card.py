"""One pair in full, and one pair as a line. Pure."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from handler.model.pair_state import PairRecord
from handler.model.sight import Sight
from handler.model.times import CLOCK_TOLERANCE, seconds
from handler.widget.drawing import age_bar
from handler.widget.markup import Html, Part, join, tag
from handler.widget.run_story import story_of
from handler.widget.spans import span
from handler.widget.standing import Finding, Level, Standing

# A sign beside the colour: who cannot tell them apart reads it, and the word.
SIGNS: Final = {Level.ALERT: "■", Level.WARNING: "▲", Level.READY: "●"}
_MOST_FINDINGS: Final = 6
_MOST_WITNESSES: Final = 3  # there are no more, unless what is stored was damaged
_WITNESSES: Final = {"up": "up", "down": "down"}


def card(one: Standing, endpoint: str) -> Html:
    """A pair with everything that is known of it."""
    kind = one.level.name.lower()
    return tag("section", _head(one, endpoint), _findings(one), _facts(one),
               class_=f"dwsf-pair dwsf-{kind}")  # fmt: skip


def line(one: Standing, endpoint: str) -> Html:
    """A pair of many: its word, its name, how old its data is."""
    kind = one.level.name.lower()
    first = one.findings[0]
    said = "" if one.level is Level.READY else first.sentence
    return tag(
        "section",
        _word(first),
        tag("b", one.name, class_="dwsf-name"),
        *_mode(one),
        tag("span", said, class_="dwsf-said"),
        tag("span", *_age(one), class_="dwsf-age"),
        *_button(one, endpoint),
        class_=f"dwsf-line dwsf-{kind}",
    )


def _head(one: Standing, endpoint: str) -> Html:
    name = tag("h3", one.name, class_="dwsf-name")
    return tag("header", _word(one.findings[0]), name, *_mode(one), *_button(one, endpoint))


def _mode(one: Standing) -> Iterator[Html]:
    if one.pair:
        yield tag("span", f"mode {one.pair.mode}", class_="dwsf-mode")


def _word(finding: Finding) -> Html:
    return tag("span", f"{SIGNS[finding.level]} {finding.word}", class_="dwsf-word")


def _button(one: Standing, endpoint: str) -> Iterator[Html]:
    """Asks this very function to rehearse; an action belongs to the element before it.

    CloudWatch User Guide, "Interactivity in the custom widget".
    """
    if one.pair is None:
        return
    asks = json.dumps({"rehearse": one.pair.disaster_recovery_id})
    title = "Ask every gate now. Reads the provider, orders nothing."
    yield tag("button", "Rehearse", type="button", class_="dwsf-button", title=title)
    yield tag("cwdb-action", asks, action="call", display="popup", endpoint=endpoint)


def _findings(one: Standing) -> Html:
    first, *more = one.findings
    shown, left = more[: _MOST_FINDINGS - 1], more[_MOST_FINDINGS - 1 :]
    also: list[Part] = [tag("li", tag("b", found.word), f" {found.sentence}") for found in shown]
    if left:
        also.append(tag("li", f"and {len(left)} more: ask status"))
    rest = [tag("ul", *also)] if also else []
    return join(tag("p", first.sentence, class_="dwsf-said"), *rest)


def _facts(one: Standing) -> Html:
    facts = [tag("div", tag("dt", name), tag("dd", *parts)) for name, parts in _known(one)]
    return tag("dl", *facts) if facts else Html("")


def _known(one: Standing) -> Iterator[tuple[str, tuple[Part, ...]]]:
    if one.pair is None or one.record is None:
        return
    yield "Data on the standby", _age(one)
    if sight := one.record.observations.sight:
        yield "Witnesses", tuple(_witnesses(sight))
    yield "Armed", (_armed(one),)
    if run := one.record.run:
        yield "Last run", (story_of(run, one.at),)


def _age(one: Standing) -> tuple[Part, ...]:
    """How old the standby's data was when it was looked at, against what may be lost."""
    sight = one.record.observations.sight if one.record else None
    if one.pair is None or sight is None:
        return ("age not known",)
    limit_s = one.pair.max_data_loss_s
    limit = span(timedelta(seconds=limit_s))
    age_s = _age_s(sight)
    if age_s is None:
        return (f"age not known; limit {limit}", age_bar(None, limit_s))
    over = " — above the limit" if age_s > limit_s else ""
    text = f"{span(timedelta(seconds=age_s))} old, limit {limit}{over}"
    return (tag("span", text), age_bar(age_s, limit_s), _seen(one, sight))


def _age_s(sight: Sight) -> int | None:
    if sight.last_sync is None or sight.last_sync - sight.at > CLOCK_TOLERANCE:
        return None
    return max(0, seconds(sight.at - sight.last_sync))


def _seen(one: Standing, sight: Sight) -> Html:
    return tag("small", f"as seen {span(one.at - sight.at)} ago")


def _witnesses(sight: Sight) -> Iterator[Part]:
    for heard in sight.witnesses[:_MOST_WITNESSES]:
        says = _WITNESSES.get(heard.says, "silent")
        # Of a side that only supports others, silence is no news.
        word = tag("b", says if says != "silent" else "—", class_=f"dwsf-{says}")
        yield tag("div", word, tag("span", heard.text), class_="dwsf-witness")


def _armed(one: Standing) -> Part:
    assert one.record is not None  # noqa: S101 - `_known` asks before
    roles = one.record.roles_now
    if roles is None:
        return "no: which cluster is production is not learned yet"
    production = tag("small", f"production {roles.production_cluster_id}")
    return join(tag("b", _is_armed(one.record)), production)


def _is_armed(record: PairRecord) -> str:
    if record.proved:
        return "no: it has failed over, acknowledge that first"
    return "yes" if record.pair_state.armed else "no: waits for the next synchronisation"
