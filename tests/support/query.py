"""JSONata as Step Functions has it: the reference implementation, of the version that AWS names.

`jsonata/jsonata-2.0.6.min.js` is npm's `jsonata` 2.0.6, unchanged. Step Functions Developer Guide,
"Transforming data with JSONata in Step Functions": version 2.0.6, without `$eval`, with functions
of its own, of which `$parse` is the one that the machines use. An expression without a value is an
error there: JSON has none for `undefined`.
"""

import json
from functools import cache
from pathlib import Path

import quickjs

REFERENCE = Path(__file__).parent / "jsonata" / "jsonata-2.0.6.min.js"
EVALUATE = """
var answer;

function noFunction(key, value) {
  if (typeof value === 'function' || (value && value._jsonata_lambda))
    throw {code: 'function', message: 'JSON has no functions'};
  return value;
}

function refuse(error) {
  answer = JSON.stringify({code: error.code || 'error', message: String(error.message || error)});
}

function evaluate(text, given) {
  answer = '{}';
  try {
    const {variables, millis} = JSON.parse(given);
    const expression = jsonata(text);
    expression.registerFunction('parse', JSON.parse, '<s:x>');
    expression.registerFunction('millis', () => millis, '<:n>');
    expression.assign('eval', undefined);
    expression.assign('now', undefined);
    expression.evaluate(undefined, variables)
      .then(value => { answer = JSON.stringify({value}, noFunction); })
      .catch(refuse);
  } catch (error) { refuse(error); }
}
"""


class QueryFailed(Exception):
    """An expression has no value that JSON can hold."""


class Query:
    """Evaluates expressions, one after the other, in the thread that made it."""

    def __init__(self):
        self._javascript = quickjs.Context()
        self._javascript.eval(REFERENCE.read_text())
        self._javascript.eval(EVALUATE)

    def value(self, expression, variables, now):
        """What an expression says at a time, where `$<name>` are variables."""
        given = json.dumps({"variables": variables, "millis": int(now.timestamp() * 1000)})
        self._javascript.get("evaluate")(expression, given)
        while self._javascript.execute_pending_job():
            pass
        answer = json.loads(self._javascript.get("answer"))
        if "value" not in answer:
            said = answer.get("message", "undefined")
            raise QueryFailed(f"{answer.get('code', 'undefined')}: {said}: {expression}")
        return answer["value"]


@cache
def the_query():
    """The one of this process: to make one takes longer than many expressions."""
    return Query()
