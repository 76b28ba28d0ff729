"""The golden files of the notices, and the page that shows them all."""

import json

from newsroom import all_told, fleet_summaries
from places import ROOT

from handler.notifications.phrases import HEADLINES

GOLDENS = ROOT / "tests" / "golden" / "notifications"
PAGE = ROOT / "docs" / "notifications.md"
PLACE = "<!-- from here on: written by `make goldens` -->\n"
# What machines and chat get is shown for a few: of the others it differs in the same places.
WITH_MACHINES = ("refused-rpo", "submitted")
GROUPS = {
    "An order and its run": (
        "submitted", "unknown", "in_progress", "not_switching", "overdue", "succeeded", "failed", "not_started",
        "provider_rejected", "seen_untouched", "executed_late", "closed", "tried_too_often",
    ),
    "A gate refuses": ("refused",),
    "Nothing could be decided": ("blocked", "invalid_pair", "waiting_too_old", "retry_time_over"),
    "Alarms": (
        "alarms_ok", "production_up", "muted", "down_while_muted", "too_old", "not_listed",
        "insufficient_data",
    ),
    "What people did": ("acknowledged", "paused", "resumed"),
    "What reconcile found": (
        "new_pair", "lone_witness", "readiness_lost", "readiness_regained", "old_production_back",
        "new_production_down", "roles_changed", "misconfigured", "document_gone",
        "document_gone_down", "watched_less", "paused_before", "held_before", "alarm_unreadable",
        "unreadable", "internal_error",
        "unconfirmed_subscriptions",
    ),
    "Rehearsals and tests": ("report", "test_notice"),
}  # fmt: skip


def files():
    """Every golden file as it should be, by its name."""
    found = {}
    for name, told in all_told().items():
        found[f"{name}.txt"] = f"Subject: {told.subject}\n\n{told.text}"
        if name in WITH_MACHINES:
            found[f"{name}.json"] = json.dumps(told.body, indent=2) + "\n"
            found[f"{name}.chat.json"] = json.dumps(told.chat, indent=2, ensure_ascii=False) + "\n"
    return found | {f"{name}.txt": text for name, text in fleet_summaries().items()}


def page(before):
    """The page with all notices, behind what was written by hand."""
    told = all_told()
    by_hand = before.partition(PLACE)[0]
    parts = [by_hand + PLACE, "## Severities\n", *_severities(told)]
    for title, names in GROUPS.items():
        parts += [
            f"\n## {title}\n",
            *(_shown(one, told[one]) for one in told if _is_of(one, names)),
        ]
    parts.append("\n## The summary of a fleet\n")
    parts += [f"### {name}\n\n```text\n{text}```\n" for name, text in fleet_summaries().items()]
    return "\n".join(parts)


def _is_of(name, names):
    return name in names or name.partition("-")[0] in names


def _severities(told):
    """One row for each notice: what it is worth waking somebody up for."""
    yield "| severity | subject | `decision` | `reason_code` |"
    yield "|---|---|---|---|"
    order = ("critical", "warning", "info")
    for one in sorted(told.values(), key=lambda one: order.index(one.attributes["severity"])):
        severity, decision, code = (
            one.attributes[name] for name in ("severity", "decision", "reason_code")
        )
        line = one.subject.partition(": ")[2]
        yield f"| {severity} | {line} | `{decision}` | `{code}` |"


def _shown(name, told):
    shown = f"### {name}\n\n```text\nSubject: {told.subject}\n\n{told.text}```\n"
    if name not in WITH_MACHINES:
        return shown
    body, chat = (json.dumps(one, indent=2, ensure_ascii=False) for one in (told.body, told.chat))
    return f"{shown}\nFor machines:\n\n```json\n{body}\n```\n\nFor chat:\n\n```json\n{chat}\n```\n"


def write():
    """Write all of them anew; what no notice makes any more goes."""
    GOLDENS.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for path in GOLDENS.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (GOLDENS / name).write_text(text)
    PAGE.write_text(page(PAGE.read_text()))


def headlines_without_notice(told):
    """The headlines that no golden file shows."""
    seen = {
        word
        for one in told.values()
        for word in (one.attributes["decision"], one.attributes["reason_code"])
    }
    shown = {one.subject for one in told.values()}
    return [
        key
        for key, words in HEADLINES.items()
        if str(key) not in seen or not any(words in subject for subject in shown)
    ]
