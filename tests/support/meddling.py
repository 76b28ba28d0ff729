"""What others do between two writes of an invocation: they are faster by that much."""

from interruptions import step_of


def before_the(step, meddle):
    """Let something happen once, just before a step of the table; for `with_table`."""
    once = [meddle]

    def interrupt(name, call):
        def meddled(**kwargs):
            if closer_step_of(name, kwargs) == step and once:
                once.pop()()
            return call(**kwargs)

        return meddled

    return interrupt


def closer_step_of(operation, call):
    """Which step a call is; of those that change an open incident, also which change it is."""
    step = step_of(operation, call)
    if step not in ("notice", "other"):
        return step
    for update in (one["Update"] for one in call["TransactItems"] if "Update" in one):
        if update["Key"]["sk"]["S"] == "state#incident":
            return _change_of(update)
    return step


def _change_of(update):
    if update["ExpressionAttributeValues"].get(":state") == {"S": "ended"}:
        return "end"
    if "joins" not in update["UpdateExpression"]:
        return "decision"
    return "leave" if "DELETE" in update["UpdateExpression"] else "join"
