"""The provider: Huawei Cloud DWS disaster recovery over its REST API."""
