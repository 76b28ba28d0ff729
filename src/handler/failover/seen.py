"""What was seen of a run, as its reason: a sentence for people. Pure."""

from typing import Final

from handler.model.run import Run, RunEvent, RunState
from handler.model.times import isoformat, seconds

DOUBT: Final = "the provider had rejected this run's order, so it may be somebody else's doing"


def reason_of(run: Run, event: RunEvent) -> str:
    """The sentence for a transition by what was seen of it."""
    new, old = run.roles.standby_cluster_id, run.roles.production_cluster_id
    since, seen_at = run.exchanged_since, run.seen_at
    apart_s = seconds(seen_at - since) if since and seen_at else 0
    sentence = {
        RunEvent.SEEN_SWITCHING: "the provider is switching the pair",
        RunEvent.TOLD_BEGUN: "the provider's events tell that a failover has begun",
        RunEvent.SEEN_EXCHANGED: (
            f"the roles are exchanged: {new} is production now, {old} was (seen twice, {apart_s} s"
            " apart)"
        ),
        RunEvent.TOLD_FAILED: (
            f"the provider's events tell that the failover failed; {old} is production as before"
        ),
        RunEvent.SEEN_UNTOUCHED: (
            f"nothing was switched: {run.untouched_reads} reads since"
            f" {isoformat(run.untouched_since or run.claimed_at)} show the pair as it was"
        ),
    }[event]
    # Others may have switched just then, too: that it was this order is not known.
    return f"{sentence}; {DOUBT}" if run.state is RunState.PROVIDER_REJECTED else sentence
