"""What a tired person does with a notice: paste each command as it is printed, and nothing else."""

import json
import shlex

from stored import items

from handler.errors import FailoverError

CHANGES = {"submitted", "unknown", "acknowledged", "paused", "resumed"}


def texts(parts):
    """The texts of all notices so far, published or not."""
    return [item["text"]["S"] for item in items(parts) if "text" in item]


def commands(text):
    """What a shell would hand to the function for each line that is for the AWS CLI."""
    for line in text.splitlines():
        if line.lstrip().startswith("printf "):
            words = shlex.split(line)
            assert words[:2] == ["printf", "%s"]
            assert words[3:8] == ["|", "aws", "lambda", "invoke", "--function-name"]
            assert len(words) == 16
            yield json.loads(words[2])


def paste_everything(parts, disaster_recovery_id=None):
    """Paste what all notices so far print; a word for each command that has changed anything.

    Orders of the provider count, and what only a person may say.
    """
    found = [command for text in texts(parts) for command in commands(text)]
    id_ = disaster_recovery_id or parts.emulator.pair.id
    before, posts = parts.ledger.read(id_), parts.posts
    pair_state, incident = before.pair_state, before.open_incident
    changed = [f"{command}: {said}" for command in found if (said := _paste(parts, command))]
    after = parts.ledger.read(id_)
    if parts.posts != posts:
        changed.append("an order was given")
    if (after.pair_state.roles, after.pair_state.pause) != (pair_state.roles, pair_state.pause):
        changed.append("roles or pause were set")
    if bool(after.open_incident) != bool(incident):
        changed.append("the incident was ended")
    return changed


def _paste(parts, command):
    try:
        answer = parts.send(command)
    except FailoverError:
        return None
    # A look at a run may find what has become of it: that is no one's doing.
    if command["command"] == "verify":
        return None
    return answer["decision"] if answer["decision"] in CHANGES else None
