"""Bugs to plant, so that the simulation itself is tested: `make simulate BUG="..."`.

First those that the simulation was made for, then what an outsider found in the core (each an old
defect, put back into today's source). All are found within 2,000 histories.
"""

from collections.abc import Mapping
from typing import Final

from local.simulation.planting import Bug

BUGS: Final[Mapping[str, Bug]] = {
    "claim after the order": Bug(
        "failover.claim",
        ("    try:\n        ports.ledger.claim(\n", "    try:\n        str(\n"),
        (
            "run, situation.pair_state, situation.fleet, reason, is_counted=is_counted",
            "run",
        ),
    ),
    "status taken as success": Bug(
        "failover.settle",
        (
            "    if detail.roles == run.roles.exchanged:\n",
            '    if detail.status in ("running", "abnormal"):\n',
        ),
    ),
    "acknowledge arms": Bug(
        "commands.word",
        (
            "            armed=False,\n            before_word=self._before(),\n",
            "            armed=True,\n            before_word=self._before(),\n",
        ),
    ),
    "pins taken from configuration": Bug(
        "aws.adapters",
        (
            "        name = pair.credentials_secret\n",
            (
                "        known = {one.disaster_recovery_id: one for one in self.pairs().good}\n"
                "        pair = known.get(pair.disaster_recovery_id, pair)\n"
                "        name = pair.credentials_secret\n"
            ),
        ),
    ),
    "eventually consistent read": Bug(
        "aws.table",
        (
            "                Limit=count,\n                ConsistentRead=True,\n",
            "                Limit=count,\n",
        ),
    ),
    "publish before store": Bug(
        "notifications.outbox",
        (
            "        store(told)\n        return replace(result, notified=self.publish(told))\n",
            (
                "        published = self.publish(told)\n"
                "        store(told)\n        return replace(result, notified=published)\n"
            ),
        ),
    ),
    "data loss measured to now": Bug(
        "gates.data_loss",
        (
            "    loss_s = max(0, seconds(outage_start(situation) - sync))\n",
            "    loss_s = max(0, seconds(situation.now - sync))\n",
        ),
    ),
    "abnormal alone taken as down": Bug(
        "gates.witnesses",
        (
            '    if production.status == "FAILED":\n',
            '    if "abnormal" == getattr(evidence.shown, "status", None):\n',
        ),
    ),
    # Looks: when each was made, and how often
    "an older look undoes a newer one": Bug(
        "gates.witnesses",
        ("timedelta(0) < at - look <= STRETCH_GAP", "timedelta(0) < at - look < timedelta(0)"),
    ),
    "looks count however soon they follow": Bug(
        "commands.reconcile.learn",
        ("return last is None or abs(now - last) >= LOOKS_APART", "return last is None or True"),
    ),
    "an alarm that joins begins no new count": Bug(
        "commands.reconcile.learn",
        ("last < incident.heard_at", "last < incident.opened_at"),
    ),
    "what is stored does not grow old": Bug(
        "failover.order", ("assessment.situation.read_at", "assessment.situation.evidence.read_at")
    ),
    "what waits is heard by the minute's reconcile alone": Bug(
        "failover.heard",
        ("    if incident is None or not take_in(ports, pair, incident):\n", "    if True:\n"),
    ),
    # Rule 1: from the first byte on, an order may have left
    "what was raised decides whether it left": Bug(
        "dws.http",
        (
            "        left = departure.has_begun or status is not None\n",
            '        left = not reason.startswith(("UnicodeError", "ValueError", "OSError"))\n',
        ),
    ),
    "read timeout taken as not sent": Bug(
        "dws.answers", ("    if lost.may_have_left:\n", '    if "Timeout" not in str(lost):\n')
    ),
    # Rule 2: everything that holds, holds
    "only the last run holds": Bug(
        "aws.records",
        (
            "from collections.abc import",
            "from dataclasses import replace\nfrom collections.abc import",
        ),
        (
            "    incident = by_key.get(INCIDENT)\n    return PairRecord(\n",
            (
                "    incident = by_key.get(INCIDENT)\n"
                "    held = frozenset(run.run_id for run in runs[:1] if run.holds_pair)\n"
                "    pair_state = replace(pair_state, holding=held)\n"
                "    return PairRecord(\n"
            ),
        ),
        (
            "tuple(run for run in runs if run.run_id in pair_state.holding or run.holds_pair)",
            "tuple(run for run in runs if run.run_id in held)",
        ),
    ),
    "a run's transition voids no claim": Bug(
        "aws.items",
        (
            'f"ADD revision :one{verb}",\n        {":one": 1, ":run"',
            'f"ADD revision :one{verb}",\n        {":one": 0, ":run"',
        ),
    ),
    "three tries of a claim": Bug(
        "failover.act", ("_MOST_TRIES: Final = 500", "_MOST_TRIES: Final = 3")
    ),
    "roles change under an order": Bug(
        "commands.acknowledge",
        (
            "    if run is None or run.run_id == command.run_id or roles in",
            "    if roles or roles in",
        ),
    ),
    # Rule 3: no alarm is lost between two invocations
    "an end does not see who joins": Bug(
        "aws.incident_items", ('Final = "joins = :joins"', 'Final = "joins >= :joins"')
    ),
    "an OK does not see other OKs": Bug(
        "aws.incident_items", ('"size(alarms) > :one"', '"size(alarms) >= :one"')
    ),
    "an alarm beside an order opens nothing": Bug(
        "failover.incidents",
        (
            "    if incident is None and run:\n",
            "    run = run or record.in_flight\n    if incident is None and run:\n",
        ),
    ),
    "an alarm is known by its name": Bug(
        "model.signals",
        (
            'f"{self.arn} ({self.resource})" if self.resource else self.arn',
            'f"{self.name} ({self.resource})" if self.resource else self.name',
        ),
    ),
    "an alarm of a bad document is used up": Bug(
        "failover.waiting",
        (
            "keep = partial(ports.ledger.alarms.keep_pending, waiting, pair_state=pair_state)",
            "keep = lambda told: ports.ledger.notices.save(told) and None",
        ),
    ),
    "old documents say that nobody is meant": Bug(
        "aws.pairs", ("timedelta(seconds=2)", "timedelta(seconds=MAX_AGE_S)")
    ),
    "an alarm while the document is gone is used up": Bug(
        "failover.meant", ("    keep_unlisted(ports, alarm)\n", "")
    ),
    "an OK while the document is gone is used up": Bug(
        "failover.meant",
        (
            "        if pair is None:\n            yield incident\n        elif alarm.state",
            "        if pair is not None and alarm.state",
        ),
    ),
    "whatever is acknowledged ends the incident": Bug(
        "commands.word",
        ("if incident is None or not self.is_about_outage:", "if incident is None:"),
    ),
    "a wrong word that is corrected is somebody else's change": Bug(
        "commands.word",
        ("    if before is None or before.roles != roles:\n", "    if before or not before:\n"),
    ),
    "what a person has acknowledged is another outage": Bug(
        "failover.ignore",
        (
            "    return pair_state.armed and since is not None and ended_at < since < turned_at\n",
            "    return not pair_state.holding\n",
        ),
    ),
    "what was armed before the run counts as armed again": Bug(
        "failover.ignore", ("ended_at < since < turned_at", "since < turned_at")
    ),
    "what is armed again sleeps for half an hour": Bug(
        "failover.ignore", ("ended_at < since < turned_at", "turned_at < since < ended_at")
    ),
    "late copies of an alarm count": Bug(
        "failover.incidents",
        (
            "is_release or before is None or before.is_superseded_by(alarm.state, at)",
            "before is None or not before.is_same(alarm.state, at)",
        ),
    ),
    "a record that came too late is deleted in silence": Bug(
        "failover.ignore",
        ('result.reason_code == "too_old" and _was_late(ports, alarm)', "not result.reason"),
    ),
    # Rule 4: what is decided and what is told are one write
    "a refusal is decided, then told": Bug(
        "notifications.outbox",
        (
            "partial(self.ledger.incidents.decide, decided, record.pair_state)",
            (
                "lambda told: self.ledger.incidents.decide(decided, record.pair_state) or ("
                "self.ledger.notices.save(told) and None)"
            ),
        ),
    ),
    "readiness is stored, then told": Bug(
        "aws.ledger",
        (
            "        commit(self._table, disaster_recovery_id, [put], *notices)\n",
            (
                "        commit(self._table, disaster_recovery_id, [put])\n"
                "        for notice in notices:\n            self.notices.save(notice)\n"
            ),
        ),
    ),
    "a pause is set, then told": Bug(
        "aws.ledger",
        (
            (
                "        put = pair_state_changed(disaster_recovery_id, pair_state)\n"
                "        commit(self._table, disaster_recovery_id, [put], notice)\n"
            ),
            (
                '        put = pair_state_changed(disaster_recovery_id, pair_state)["Put"]\n'
                '        put |= {"TableName": self._table._name}\n'
                "        self._table._persist(lambda: self._table._client.put_item(**put))\n"
                "        if notice:\n            self.notices.save(notice)\n"
            ),
        ),
    ),
    "an answer that could not be stored is forgotten": Bug(
        "notifications.outbox", ("_TRIES: Final = ", "_TRIES: Final = 0 * ")
    ),
    "one notice that SNS refuses stops the others": Bug(
        "aws.topic", ("        return Delivery.REFUSED\n", "        return Delivery.FAILED\n")
    ),
    # Rule 5: the order leaves on fresh evidence, from the thread that judged it
    "an order leaves on old evidence": Bug(
        "failover.order",
        ("FRESH_FOR: Final = timedelta(seconds=10)", "FRESH_FOR: Final = timedelta(1)"),
    ),
    "each look counts the outage anew": Bug(
        "failover.gather", ("_newest(record.observations, observed)", "record.observations")
    ),
    "the loss that is told is the first look's": Bug(
        "failover.claim", ("    sent = replace(sent, **_loss_in(assessment))\n", "")
    ),
    "a thread orders": Bug(
        "commands.reconcile.sweep",
        (
            "    return pursue(ports, ports.reload(pair))\n",
            (
                '    work = {"": partial(pursue, ports, pair)}\n'
                '    return ports.side_by_side(work, _ROUND_WITHIN_S)[""]\n'
            ),
        ),
    ),
    "a command's time taken as the outage's": Bug(
        "gates.data_loss",
        ("None if trigger.is_command else trigger.occurred_at", "trigger.occurred_at"),
    ),
    "one picture is enough": Bug(
        "model.evidence", ("(self.detail, self.item)", "(self.detail or self.item,)")
    ),
    "an answer about another cluster is believed": Bug(
        "dws.client", ("    if found != asked.lower():\n", "    if found is None:\n")
    ),
    "a name that is not found taken as down": Bug(
        "failover.gather",
        (
            'probe=usable.get("probe"),',
            'probe=usable.get("probe", False if "probe" in results else None),',
        ),
    ),
    "how many witnesses it takes is decided once": Bug(
        "failover.act", ("        attempt = attempt.as_of(record)\n", "")
    ),
    "a stretch of down is the pair's": Bug(
        "gates.witnesses",
        ("    if observations.down_of not in (None, id_):\n", "    if not id_:\n"),
    ),
    # Rule 6: one pair's trouble stays its own
    "one pair's item hides all pairs": Bug(
        "aws.records",
        (
            "    except LedgerUnavailable as err:\n        return err\n\n\ndef record_of(",
            "    except LedgerUnavailable as err:\n        raise err\n\n\ndef record_of(",
        ),
    ),
    "one pair's bug ends reconcile": Bug(
        "failover.guard",
        (
            "        except Exception as err:  # noqa: BLE001 - the one place",
            "        except ArithmeticError as err:  #",
        ),
    ),
    "throttling taken as a wrong deployment": Bug(
        "aws.credentials",
        ("InvalidSettings if is_refusal(err) else LedgerUnavailable", "InvalidSettings"),
    ),
    # Rule 7: a watch incident needs two words, and an old run does not blind it
    "one word opens a watch": Bug(
        "gates.witnesses", ("words.count(Word.DOWN) + self.corroborates >= 2", "Word.DOWN in words")
    ),
    "an old run blinds the watch": Bug(
        "commands.reconcile.watch",
        (
            "    return any(since and run.claimed_at >= since for run in record.held)\n",
            "    return bool(since and record.held)\n",
        ),
    ),
    "roles that are switched back are not told": Bug(
        "commands.reconcile.findings",
        (
            "    return run if run and is_proved and run.holds_pair else None\n",
            "    return None\n",
        ),
    ),
    "what only its probe sees is not told": Bug(
        "commands.reconcile.findings", ('("answering its probe" if old_probe else None)', "None")
    ),
    "a standby is told as the old production": Bug(
        "model.pair_state",
        ("        return pair_state.armed_since > ended_at\n", "        return False\n"),
    ),
    "a bad document denies what is in flight": Bug(
        "commands.reconcile.undocumented",
        (
            "    if incident is None or record.in_flight:\n        return None\n    subject",
            "    if incident is None:\n        return None\n    subject",
        ),
    ),
    "late is told as usual": Bug(
        "notifications.phrases",
        ('    "executed_late": Severity.CRITICAL,\n', '    "executed_late": Severity.INFO,\n'),
    ),
    # An order comes when production has been down for long enough, not in the minute after
    "an open incident waits for the minute": Bug(
        "failover.next_look", ("timedelta(seconds=130)", "timedelta()")
    ),
    "an incident is looked at too early": Bug(
        "gates.witnesses", ("timedelta(seconds=1 if due.microsecond else 0)", "timedelta()")
    ),
    # An incident's time
    "an incident ends though it only waits": Bug(
        "commands.reconcile.time_over",
        ("(due := lasts_until(record.observations, pair))", "(due := None)"),
    ),
    "the time in a pause counts": Bug(
        "commands.reconcile.time_over",
        ("    for pause in (record.pair_state.pause, fleet.pause):\n", "    for pause in ():\n"),
    ),
    # Rule 8: alarms as AWS really sends them
    "muted alarms call": Bug(
        "failover.incidents",
        (
            'muted_by = alarm.muted_by if alarm.state == "ALARM" else None',
            "muted_by = None",
        ),
    ),
    # Rule 10: every input is hostile, the provider and the table too
    "texts are taken as they come": Bug(
        "dws.parse", ("one_line(str(value), TEXT_LIMIT) or None", "str(value).strip() or None")
    ),
    "a lease of the year 9999 holds": Bug(
        "aws.locks",
        ("OR NOT (leased_until <= :latest))", "OR pk = :latest AND leased_until > :now)"),
    ),
}
