"""What reconcile keeps of a close look, for the dashboard; it costs no write of its own. Pure.

A look of every minute is not kept: it would be a write a minute for each pair.
"""

from dataclasses import replace
from typing import Final

from handler.gates.assess import Assessment, last_sync
from handler.gates.witnesses import Testimony, Word
from handler.model.pair_state import Observations
from handler.model.printable import one_line
from handler.model.sight import Heard, Refusal, Sight

_LONGEST: Final = (
    300  # characters of a sentence: ten gates that refuse stay far below an item's size
)


def remember_sight(observations: Observations, assessment: Assessment) -> Observations:
    """The observations with what this assessment has shown."""
    situation = assessment.situation
    sight = Sight(
        at=situation.evidence.read_at,
        last_sync=last_sync(situation),
        witnesses=_heard(assessment.testimony),
        refusing=tuple(
            Refusal(one.gate, one_line(one.reason, _LONGEST)) for one in assessment.unready
        ),
    )
    return replace(observations, sight=sight)


def _heard(testimony: Testimony) -> tuple[Heard, ...]:
    # The disaster-recovery side only corroborates: whatever it is, it never says up.
    side = Word.DOWN if testimony.corroborates else Word.SILENT
    said = (
        ("cluster", testimony.cluster, testimony.cluster_text),
        ("probe", testimony.probe, testimony.probe_text),
        ("disaster recovery", side, testimony.dr_text),
    )
    return tuple(Heard(name, word.value, one_line(text, _LONGEST)) for name, word, text in said)
