"""Huawei Cloud SMN, by HTTPS: what is really from a configured topic goes on to the function."""
