"""What a command says of its reason and of who sends it, and what an alarm says of its turn."""

from datetime import UTC, datetime

import pytest
from parts import now

from handler.errors import InvalidEvent
from handler.events import parse
from handler.model.signals import Alarm


def test_an_alarm_knows_whether_it_has_just_turned():
    at = now()
    assert Alarm("sns", "n", "arn", "ALARM", None, at).is_transition
    assert not Alarm("sns", "n", "arn", "ALARM", "ALARM", at).is_transition
    assert Alarm("sns", "n", "arn", "ALARM", "ALARM", at, was_muted=True).is_transition
    assert not Alarm("sns", "n", "arn", "OK", "ALARM", at, was_muted=True).is_transition


WORDS = ["<why>", "<who>", " <WHY> ", "<Who>", "'<why>'", "<>", "<your name>", "\u3000<who>"]
LINES = ["a\nb", "a\rb", "a\tb", "\x1b[2J", "a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\N{LINE SEPARATOR}b",
         "a\N{LEFT-TO-RIGHT ISOLATE}b", "a\x85b", "a\x00", "\ud800", " ", "a\N{ZERO WIDTH SPACE}b"]  # fmt: skip
UNSEEN = ["\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\ufe0f", "\U000e0141", "\u200d",
          "\u3164 \u200d\ufe0f", "\u0301", "\U00013441"]  # fmt: skip
COMMANDS = {
    "failover": {}, "rehearse": {}, "verify": {}, "acknowledge": {"production_cluster_id": "a" * 36},
    "pause": {"until": "2026-01-15T08:30:00Z"}, "resume": {}, "status": {}, "history": {}, "reconcile": {},
    "test_notice": {"code": "K7Q2"},
}  # fmt: skip

A_PAIRS_ID = "e59d6b86-9072-46eb-a996-13f8b44994c1"
PAUSE = {"command": "pause", "pair": "analytics", "reason": "works", "requested_by": "ada",
         "until": "2026-01-15T08:30:00Z"}  # fmt: skip


@pytest.mark.parametrize("field", ["reason", "requested_by"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("text", [*WORDS, *LINES], ids=ascii)
def test_no_command_is_signed_with_what_nobody_wrote(command, field, text):
    signed = {"reason": "tried", "requested_by": "on-call", field: text}
    with pytest.raises(InvalidEvent) as caught:
        parse({"command": command, "pair": "analytics", **COMMANDS[command], **signed})
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith((f"$.{field}: found ", "$: found half of a surrogate"))


@pytest.mark.parametrize("field", ["reason", "requested_by"])
@pytest.mark.parametrize("text", [*UNSEEN, "...", "-"], ids=ascii)
def test_nobody_signs_with_what_has_no_letter_that_can_be_seen(field, text):
    with pytest.raises(InvalidEvent, match=rf"^\$\.{field}: found "):
        parse({**PAUSE, field: text})


@pytest.mark.parametrize(
    "text", ["näher geprüft", "故障　确认", "می‌رود", "5 < 6 > 4", "<b> & c", "é", "4711", "👍 ok"]
)
def test_people_write_in_their_own_words(text):
    found = parse({"command": "status", "reason": text, "requested_by": text})
    assert (found.reason, found.requested_by) == (text, text)


@pytest.mark.parametrize("field", ["until", "outage_began_at", "requested_at"])
def test_a_time_of_a_command_may_leave_out_the_seconds(field):
    found = parse({**PAUSE, field: "2026-11-29T16:00+01:00"})
    assert getattr(found, field) == datetime(2026, 11, 29, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("field", ["until", "outage_began_at", "requested_at"])
@pytest.mark.parametrize("typed", ["2026-11-29T15:00", "2026-11-29 15:00:00", "15:00Z", "soon"])
def test_a_time_of_a_command_that_says_no_zone_is_refused_with_both_forms(field, typed):
    with pytest.raises(InvalidEvent) as caught:
        parse({**PAUSE, field: typed})
    assert str(caught.value) == (
        f'$.{field}: found "{typed}", allowed: a time that says its zone, such as'
        " 2026-01-15T08:30Z or 2026-01-15T09:30+01:00"
    )


@pytest.mark.parametrize("command", ["pause", "resume"])
@pytest.mark.parametrize("id_", [A_PAIRS_ID, "00000000-0000-0000-0000-000000000000"])
def test_a_brake_over_all_pairs_names_no_one_pair_besides(command, id_):
    """Whoever gives an id means one pair; all of them would be braked, or let go."""
    with pytest.raises(InvalidEvent) as caught:
        parse({**PAUSE, "command": command, "pair": "*", "disaster_recovery_id": id_})
    assert str(caught.value) == (
        f'$.disaster_recovery_id: found "{id_}",'
        " allowed: none beside the pair '*', which is all pairs"
    )


def test_a_brake_over_one_pair_may_name_it_twice():
    found = parse({**PAUSE, "disaster_recovery_id": A_PAIRS_ID})
    assert (found.pair, found.disaster_recovery_id) == ("analytics", A_PAIRS_ID)
