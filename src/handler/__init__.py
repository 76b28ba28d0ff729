"""An alarm becomes at most one exception switchover of a Huawei Cloud DWS pair."""
