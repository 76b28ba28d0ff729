"""A played scenario as facts, for the tests of what is drawn of it."""

from local.drill.facts import Moment, Played, Span
from local.drill.provenance import Provenance
from local.drill.stage import Assumed

GATES = ({"gate": "mode", "verdict": "pass", "reason": "automatic"},)


def played(**changes):
    defaults = {
        "pair": "analytics", "mode": "automatic", "scenario": "production-dies",
        "title": "Production dies", "says": "It fails.", "expects": "one order", "came_to": "1 order",
        "is_met": True, "orders": 1, "recovery_s": 760.0, "proved_s": 880.0, "loss_s": 600.0,
        "estimated_loss_s": 630, "gates": GATES,
        "moments": (
            Moment(0.0, "provider", "cluster A dies"),
            Moment(30.0, "alarm", "alarm dws-outage-analytics"),
            Moment(160.0, "order", "order sent: taken, answered 200"),
            Moment(161.0, "notice", "[CRITICAL] analytics: failover submitted", "critical"),
        ),
        "clusters": {
            "A": (Span(0.0, 1000.0, "dead"),),
            "B": (Span(0.0, 760.0, "standby"), Span(760.0, 1000.0, "production")),
        },
        "shown": (Span(0.0, 160.0, "abnormal"), Span(160.0, 1000.0, "switchovering")),
        "took_s": 3.0,
    }  # fmt: skip
    return Played(**{**defaults, **changes})


ABOUT = Provenance(
    made_at="2026-11-29T12:00:00Z",
    commit="0" * 40,
    versions={"dws-failover": "0.1.0", "Python": "3.13.0"},
    documents={"analytics": "a" * 64},
    assumed=Assumed(),
    target_s=3600,
)
LIMITS = {"analytics": 3600}
