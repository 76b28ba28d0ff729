"""The steps that a pair can have before it: what stands on its agenda, each with a time."""

from enum import StrEnum


class Step(StrEnum):
    """Everything that can stand on an agenda."""

    BEGIN_FAILOVER = "begin-failover"
    END_FAILOVER = "end-failover"
    EXCHANGE = "exchange"
    REVERT = "revert"
    BEGIN_SWITCHOVER = "begin-switchover"
    END_SWITCHOVER = "end-switchover"
    BEGIN_START = "begin-start"
    END_START = "end-start"
    BEGIN_PAUSE = "begin-pause"
    END_PAUSE = "end-pause"
    BEGIN_RECOVERY = "begin-recovery"
    END_RECOVERY = "end-recovery"
    GO_ABNORMAL = "go-abnormal"
    HEAL = "heal"
    RESTORE = "restore"
    DELETE = "delete"
