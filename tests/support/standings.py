"""Pairs as the dashboard's widget finds them: some in every trouble, and hostile ones."""

from dataclasses import replace
from datetime import timedelta

from situations import INCIDENT, NOW, ROLES, STANDBY, a_run, ago, pair

from handler.model.disaster_recovery import Roles
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState, Pause
from handler.model.run import RunEvent, RunState
from handler.model.sight import Heard, Refusal, Sight
from handler.widget.standing import standing_of, standing_of_bad, standing_of_unread

ENDPOINT = "arn:aws:lambda:eu-west-1:123456789012:function:dws-failover-DashboardFunction-1a2b3c"
UP = (
    Heard("cluster", "up", "the cluster is AVAILABLE"),
    Heard("probe", "up", "the probe connects"),
    Heard("disaster recovery", "silent", "disaster recovery is running, its production side running"),
)  # fmt: skip
DOWN = (
    Heard("cluster", "down", "the cluster is FAILED"),
    Heard("probe", "down", "the probe fails twice (last up 2026-01-15T08:21:40Z)"),
    Heard("disaster recovery", "down", "disaster recovery is abnormal, its production side abnormal"),
)  # fmt: skip


def sight(*refusing, at=ago(minutes=2), age=timedelta(minutes=4), witnesses=UP):  # noqa: B008
    last_sync = None if age is None else at - age
    return Sight(at, last_sync, witnesses, tuple(Refusal(*one) for one in refusing))


def record(*runs, incident=None, seen=None, held=None, state=None, **observations):
    armed = PairState(revision=4, roles=ROLES, roles_since=ago(days=9), armed=True)
    observed = Observations(sight=seen or sight(), checked_at=NOW, **observations)
    holding = tuple(run for run in runs if run.holds_pair) if held is None else held
    return PairRecord(state or armed, incident, observed, runs, holding)


def failed_over(**changes):
    """A run that succeeded this morning: six minutes after the outage."""
    return a_run(
        RunState.SUCCEEDED,
        trigger={"kind": "eventbridge", "name": "dws-outage-sales"},
        answer=RunEvent.ACCEPTED,
        outage_began_at=ago(minutes=31),
        alarmed_at=ago(minutes=29),
        claimed_at=ago(minutes=28, seconds=50),
        requested_at=ago(minutes=28, seconds=48),
        switching_at=ago(minutes=28),
        exchanged_since=ago(minutes=22),
        ended_at=ago(minutes=21, seconds=20),
        last_sync=ago(minutes=35),
        **changes,
    )


def standing(name="analytics", found=None, fleet=None, *, at=NOW, **document):
    return standing_of(pair(name=name, **document), found or record(), fleet or Fleet(), at)


def in_every_trouble():
    """One pair for each thing that a person may have to know, and two that are well."""
    who = {"reason": "storage works, ticket 4711", "requested_by": "ada"}
    pause = Pause(NOW + timedelta(hours=3), paused_at=ago(hours=1), **who)
    armed = PairState(roles=ROLES, armed=True)
    incident = replace(
        INCIDENT, opened_at=ago(minutes=3), decision="refused",
        reason="production has been down for 60 s of 120 s",
    )  # fmt: skip
    under_way = a_run(
        answer=RunEvent.ACCEPTED, outage_began_at=ago(minutes=9), alarmed_at=ago(minutes=6),
        requested_at=ago(minutes=5), claimed_at=ago(minutes=5), switching_at=ago(minutes=4),
        trigger={"kind": "command", "name": "failover", "requested_by": "ada"},
    )  # fmt: skip
    lost = a_run(RunState.UNKNOWN, requested_at=ago(minutes=4), outage_began_at=ago(minutes=7))
    old_failover = failed_over(acknowledged_at=ago(minutes=10))
    unlearned = PairState()
    return [
        standing("billing", record(incident=incident, seen=sight(at=ago(seconds=40),
                 witnesses=DOWN, age=timedelta(minutes=9)), down_since=ago(minutes=3))),
        standing("sales", record(failed_over())),
        standing("orders", record(under_way, seen=sight(witnesses=DOWN))),
        standing("ledger", record(lost, seen=sight(witnesses=DOWN))),
        standing("stock", record(replace(under_way, overdue_at=ago(minutes=1)))),
        standing("crm", record(old_failover, old_back_since=ago(minutes=2))),
        standing("media", record(state=replace(armed, pause=pause))),
        standing("weather", record(seen=sight(
            ("armed", "the standby has completed no synchronisation since the roles were learned"),
            ("rpo", "about 5700 s of data would be lost (last synchronised 2026-01-15T06:53:00Z)"),
            age=timedelta(minutes=95)), state=PairState(roles=ROLES))),
        standing("research", record(state=unlearned, seen=sight(
            ("armed", "which cluster is production is not known yet"))), mode="observe"),
        standing("archive", record(seen=sight(at=ago(minutes=42)))),
        standing("maps", record(state=replace(armed, muted=frozenset({"a"})))),
        standing("people", record(lone_witness_since=ago(minutes=6))),
        standing_of_bad("parts", ["$.endpoint: found nothing, allowed: https://<host>"], NOW),
        standing_of_unread(pair(name="travel"), "the runs table has an item that cannot be read", NOW),
        standing("web"),
        standing("logistics", record(seen=sight(age=timedelta(minutes=50))), mode="observe"),
    ]  # fmt: skip


def shown_in_the_docs():
    """Five pairs: what is worth a look on one page."""
    wanted = ("orders", "sales", "weather", "web", "logistics")
    return [one for one in in_every_trouble() if one.name in wanted]


def many(count):
    """So many pairs: every tenth is not ready, the others are well."""
    worn = sight(("standby_ready", "the standby is read-only"), age=timedelta(minutes=50))
    return [
        standing(f"tenant-{place:03}", record(seen=worn if place % 10 == 3 else None))
        for place in range(count)
    ]


EVIL = '"><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>'
LONG = "".join(["W" * 90, "\u202e", "</style></div><h1>"])


def hostile():
    """Texts from outside that try to be markup, or to break out of their place."""
    roles = Roles(EVIL, STANDBY)
    run = a_run(
        RunState.NOT_STARTED, trigger={"requested_by": EVIL}, requested_at=ago(minutes=4),
        outage_began_at=ago(minutes=5),
    )  # fmt: skip
    pause = Pause(NOW + timedelta(hours=1), EVIL, LONG, ago(hours=1))
    said = (Heard(EVIL, EVIL, LONG), Heard("probe", "up", EVIL))
    odd = sight((EVIL, EVIL), ("rpo", LONG * 3), witnesses=said)
    state = PairState(roles=roles, pause=pause)
    return [
        standing(EVIL, record(run, seen=odd, state=state), mode=EVIL),
        standing(LONG, record(seen=odd, state=state)),
        standing_of_bad(EVIL, [EVIL, LONG], NOW),
        standing_of_unread(pair(name=LONG), EVIL, NOW),
    ]
