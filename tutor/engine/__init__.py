"""The background: a host that only imports, the children it forks, and the client that speaks to it.

The window reaches only `client` and `protocol`; whatever imports numpy, keras or torch runs elsewhere.
"""
