"""The emulator's clock: real time until it is set, moved or frozen."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC."""

    def __init__(self, now: datetime | None = None, *, is_frozen: bool = False) -> None:
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        if now is not None:
            self.set(now)
        if is_frozen:
            self.freeze()

    @property
    def is_frozen(self) -> bool:
        """Whether time moves only when told to."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The time."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Make it be this moment; a time without a zone is taken as UTC."""
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if self.is_frozen:
            self._frozen_at = moment
        else:
            self._offset = moment - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Let seconds pass at once; a negative number goes back."""
        self.set(self.now() + timedelta(seconds=seconds))

    def freeze(self) -> None:
        """Stop the time where it is."""
        self._frozen_at = self.now()

    def unfreeze(self) -> None:
        """Let the time run on from where it stopped."""
        moment = self.now()
        self._frozen_at = None
        self.set(moment)
