"""How pairs stand, on real parts."""

from parts import now, signed
from steps import pass_time


def test_status_of_all_has_the_bad_ones_too(parts):
    parts.arm()
    parts.put_document("broken", '{"mode": "auto\\nmatic\\u202e"}')
    results = parts.send({"command": "status"})["results"]
    assert [(one["pair"], one["reason_code"]) for one in results] == [
        ("analytics", "ready"),
        ("broken", "invalid_pair"),
    ]
    assert results[1]["reason"].isprintable()


def test_a_pattern_has_the_bad_ones_that_it_means(parts):
    parts.put_document("broken", "{")
    parts.put_document("other", "{")
    results = parts.send({"command": "status", "pair": "bro*", "brief": True})["results"]
    assert [(one["pair"], one["reason_code"]) for one in results] == [("broken", "invalid_pair")]


def test_a_bad_secret_of_one_pair_leaves_the_others_their_rows(parts):
    parts.arm()
    parts.put_pair(
        "other", disaster_recovery_id="f7a2c1d0-0000-4d4d-8d8d-0000000000d1",
        credentials_secret=f"{parts.name}/other",
    )  # fmt: skip
    parts.put_secret(f"{parts.name}/other", access_key_id="A")
    results = parts.send({"command": "status"})["results"]
    assert [(one["pair"], one["reason_code"]) for one in results] == [
        ("analytics", "ready"),
        ("other", "invalid_credentials"),
    ]


def test_between_success_and_acknowledgement_nothing_is_denied(outage):
    old = outage.emulator.pair.production_id
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        pass_time(outage, seconds=60)
        outage.send({"command": "reconcile"})
    pass_time(outage, minutes=10)
    held = outage.send({"command": "status", "pair": "analytics"})
    new = held["roles"]["production_cluster_id"]
    assert new != old
    assert held["reason"].startswith("HELD by run ")
    assert f"Production is {new}, standby {old}" in held["reason"]
    assert outage.send(signed(held))["decision"] == "acknowledged"
    after = outage.send({"command": "status", "pair": "analytics"})
    assert after["reason"].startswith("NOT READY because armed: ")
    assert f"Production is {new}, standby {old}. " in after["reason"]


def test_a_paused_pair_says_how_to_go_on(parts):
    parts.arm()
    who = {"reason": "works", "requested_by": "ada"}
    until = now(hours=1).isoformat()
    parts.send({"command": "pause", "pair": "analytics", "until": until, **who})
    paused = parts.send({"command": "status", "pair": "analytics"})
    assert paused["reason"].startswith("PAUSED until ")
    assert parts.send(signed(paused))["decision"] == "resumed"
    assert parts.send({"command": "status", "pair": "analytics"})["reason_code"] == "ready"
