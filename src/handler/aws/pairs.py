"""The pairs that this deployment cares for, by their documents as an environment knows them.

SSM gives all documents ten by ten, each page after the other: of a thousand pairs that takes
longer than the order. So what was read a minute ago serves as an index of the pairs that an alarm
may speak for, and only those are read anew. An index may be behind: whoever goes by it is told so,
and asks for all documents once nothing waits for that any more.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.refusals import is_refusal, says_no
from handler.errors import FailoverError, InvalidSettings, LedgerUnavailable
from handler.model.documents import Pairs, parse_pairs
from handler.model.hosts import AllowedHosts
from handler.model.pair import Pair
from handler.model.printable import one_line

MAX_AGE_S = 30  # an older document is read again before acting
# Who is told that nobody is meant gives an alarm up: that rests on what is written now. A storm of
# alarms that nobody lists must not read everything each time.
_NOBODY_FOR: Final = timedelta(seconds=2)
# Two documents with one id are both bad, which only a reading of all can show. Reconcile reads all
# every minute; an index that has missed it is none.
_INDEX_IS_GOOD_FOR: Final = timedelta(seconds=120)
_AT_ONCE: Final = 10  # documents in an answer of SSM, whether by path or by name: API reference
_SHOWN: Final = 500
Choose = Callable[[Pairs], Pairs]


class Documents:
    """All documents below a path, as read last; their endpoints are of `hosts`.

    Every method raises InvalidSettings where the path must not be read, and LedgerUnavailable where
    it cannot be read at the moment.
    """

    def __init__(
        self, parameters: SSMProvider, path: str, hosts: AllowedHosts, many: int = _AT_ONCE + 1
    ) -> None:
        """Take the fewest documents of which some are read sooner than all, as well."""
        self._parameters, self._path, self._hosts = parameters, path, hosts
        self._many = many
        self._texts: dict[str, str] = {}
        self._read_at: dict[str, datetime] = {}  # of those that were read by name since
        self._all_read_at: datetime | None = None
        self._pairs = Pairs((), ())

    def all(self, now: datetime) -> Pairs:
        """All pairs, at most 30 s old."""
        if not _is_within(timedelta(seconds=MAX_AGE_S), self._all_read_at, now):
            self._read_all(now)
        return self._pairs

    def some(self, choose: Choose, now: datetime) -> Pairs:
        """Those that something is about, at most 30 s old, as `choose` finds them among others.

        Where the index has none, or one that is bad, all are read: by then it may be another. That
        nobody is meant is not said by documents of half a minute ago.

        Returns:
            them; `are_all` is false where others that are meant may have been written since.
        """
        if self._has_index(now) and self._could_read([*choose(self._pairs).good], now):
            found = choose(self._pairs)
            if found.good and not found.bad:
                return replace(found, are_all=False)
        found = choose(self.all(now))
        if found.good or _is_within(_NOBODY_FOR, self._all_read_at, now):
            return found
        self._read_all(now)
        return choose(self._pairs)

    def _could_read(self, pairs: Iterable[Pair], now: datetime) -> bool:
        """Read them by name; what SSM refuses by name it may still give by the path."""
        try:
            self._read_named([one.name for one in pairs], now)
        except (InvalidSettings, LedgerUnavailable):
            return False
        return True

    def _has_index(self, now: datetime) -> bool:
        """Whether some are sooner read than all, and all were read a little while ago."""
        is_fresh = _is_within(timedelta(seconds=MAX_AGE_S), self._all_read_at, now)
        is_good = _is_within(_INDEX_IS_GOOD_FOR, self._all_read_at, now)
        return is_good and not is_fresh and len(self._texts) >= self._many

    def _read_all(self, now: datetime) -> None:
        with _told(f"the pairs below {self._path} cannot be read"):
            found = self._parameters.get_multiple(self._path, max_age=0, force_fetch=True) or {}
        self._keep({name: str(text) for name, text in found.items()})
        self._all_read_at, self._read_at = now, {}

    def _read_named(self, names: Iterable[str], now: datetime) -> None:
        limit = timedelta(seconds=MAX_AGE_S)
        old = [name for name in names if not _is_within(limit, self._read_at.get(name), now)]
        texts = {name: text for name, text in self._texts.items() if name not in old}
        for first in range(0, len(old), _AT_ONCE):
            texts |= self._asked_for(old[first : first + _AT_ONCE])
        # Only now: of what was read before a page that failed, nothing counts as read.
        self._keep(texts)
        self._read_at |= dict.fromkeys(old, now)

    def _asked_for(self, names: Iterable[str]) -> dict[str, str]:
        """The documents of these names, of those that are still there."""
        asked = {f"{self._path.rstrip('/')}/{name}": name for name in names}
        with _told(f"pairs below {self._path} cannot be read"):
            answer = self._parameters.client.get_parameters(Names=list(asked))
        return {asked[one["Name"]]: one["Value"] for one in answer["Parameters"]}

    def _keep(self, texts: dict[str, str]) -> None:
        if texts != self._texts:
            self._texts, self._pairs = texts, parse_pairs(texts, self._hosts)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever SSM says or does not say, as what the function does about it."""
    try:
        yield
    except GetParameterError as err:
        raise _kind(is_refusal(err))(f"{what}: {one_line(str(err), _SHOWN)}") from err
    except (ClientError, BotoCoreError) as err:
        raise _kind(says_no(err))(f"{what}: {one_line(str(err), _SHOWN)}") from err


def _kind(is_refused: bool) -> type[FailoverError]:  # noqa: FBT001
    return InvalidSettings if is_refused else LedgerUnavailable


def _is_within(limit: timedelta, read_at: datetime | None, now: datetime) -> bool:
    """Whether something was read a short while ago; a clock that was set back says nothing."""
    return read_at is not None and timedelta(0) <= now - read_at < limit
