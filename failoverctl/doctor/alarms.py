"""What is wrong with alarms that pairs list: not there, in ALARM, unheard, claimed twice. Pure."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failoverctl.doctor.reach import Reach
from failoverctl.doctor.readings import Alarm
from failoverctl.doctor.report import Kind, Line
from handler.model.alarm_patterns import speaks_for
from handler.model.pair import Pair

_NAMED: Final = 5  # of many: a line's worth
_MAKE: Final = ("make it (docs/deployment.md, Alarms), or correct its name in the pair's alarms",)


@dataclass(frozen=True)
class Place:
    """The deployment's account and region, and whether Huawei Cloud brings alarms as well."""

    account: str
    region: str
    has_smn: bool = False

    def lists(self, pair: Pair, alarm: Alarm) -> bool:
        """Whether a pair listens to an alarm."""
        return speaks_for(pair.alarms, alarm.arn, self.account, self.region)


def judge(
    asked: Sequence[Pair],
    pairs: Sequence[Pair],
    alarms: Sequence[Alarm],
    place: Place,
    reach: Reach | None,
    waiting: frozenset[str] = frozenset(),
) -> Iterator[Line]:
    """A line or more for each pair.

    Args:
        asked: the pairs that it is about.
        pairs: all that could claim their alarms, too.
        alarms: those that there are.
        place: whose alarms bare names mean.
        reach: what brings alarms to the function; None if it could not be read.
        waiting: pairs that an incident is open for, or a run holds: their alarms are known.
    """
    listed = {alarm.arn: [one for one in pairs if place.lists(one, alarm)] for alarm in alarms}
    for pair in asked:
        mine = [alarm for alarm in alarms if pair in listed[alarm.arn]]
        found = [*_missing(pair, mine, place)]
        for alarm in mine:
            found += _states(pair, alarm, is_known=pair.name in waiting)
            found += _unheard(pair, alarm, reach)
            found += _claimed(pair, alarm, listed)
        yield from found or [Line(Kind.GOOD, f"{pair.name}: {_counted(mine)}")]


def _counted(alarms: list[Alarm]) -> str:
    names = ", ".join(alarm.name for alarm in alarms[:_NAMED])
    more = f" and {len(alarms) - _NAMED} more" if len(alarms) > _NAMED else ""
    return f"{names}{more}: there, heard, not in ALARM"


def _missing(pair: Pair, mine: list[Alarm], place: Place) -> Iterator[Line]:
    listed = ", ".join(pair.alarms)
    if not pair.alarms:
        said = "lists no alarm: only witnesses that agree open an incident"
        yield Line(Kind.NOTE, f"{pair.name} {said}")
    elif not mine and place.has_smn:
        said = f"none of {listed} is an alarm of CloudWatch; of Cloud Eye, perhaps"
        yield Line(Kind.NOTE, f"{pair.name}: {said}")
    elif not mine:
        said = f"lists {listed}, and no such alarm exists in {place.region}"
        yield Line(Kind.BAD, f"{pair.name} {said}", _MAKE)
    else:
        there = {alarm.name for alarm in mine}
        names = [one for one in pair.alarms if "*" not in one and not one.startswith("arn:")]
        for name in (one for one in names if one not in there):
            yield Line(Kind.NOTE, f"{pair.name} lists {name}, which does not exist", _MAKE)


def _states(pair: Pair, alarm: Alarm, *, is_known: bool) -> Iterator[Line]:
    said = f"{pair.name}: {alarm.name} "
    if alarm.state == "ALARM" and is_known:
        said += f"is in ALARM since {alarm.since}, and the pair's incident is known"
        yield Line(Kind.NOTE, said)
    elif alarm.state == "ALARM":
        said += f"is in ALARM since {alarm.since}, and no incident is open: it has no transition"
        yield Line(Kind.BAD, f"{said} left to be heard", _set_back(pair, alarm))
    elif alarm.state != "OK":
        yield Line(Kind.NOTE, f"{said}has no data since {alarm.since}: it could not fire now")


def _set_back(pair: Pair, alarm: Alarm) -> tuple[str, str]:
    words = [
        "aws", "cloudwatch", "set-alarm-state", "--alarm-name", alarm.name,
        "--state-value", "OK", "--state-reason", "so that it is heard",
    ]  # fmt: skip
    return (f"is production down? failoverctl rehearse {pair.name}", f"if not: {shlex.join(words)}")


def _unheard(pair: Pair, alarm: Alarm, reach: Reach | None) -> Iterator[Line]:
    if reach is None or reach.brings(alarm):
        return
    names = [one if isinstance(one, str) else str(one.get("prefix")) for one in reach.names]
    why = "no rule lets its name through, and no action of it may invoke the function"
    begin = " or ".join(names) or "what a rule that is enabled lets through"
    steps = (f"let its name begin with {begin}, or see README.md, Wire alarms",)
    yield Line(Kind.BAD, f"{pair.name}: {alarm.name} is not heard: {why}", steps)


def _claimed(pair: Pair, alarm: Alarm, listed: Mapping[str, list[Pair]]) -> Iterator[Line]:
    others = [one for one in listed[alarm.arn] if one is not pair]
    if not others:
        return
    names = ", ".join(one.name for one in others[:_NAMED])
    said = f"{alarm.name} speaks for {pair.name} and for {names}: it would fail over all of them"
    if all({*pair.alarms} & {*one.alarms} for one in others):
        yield Line(Kind.NOTE, said)  # the same entry in each: it is meant
    else:
        yield Line(Kind.BAD, said, ("a wildcard catches another pair's alarm: failoverctl check",))
