"""The documents of DESIGN §3, one module each: frozen values that mirror the files field by field.

A dataclass is the whole truth about its document: the codec derives its field table from it, and the
JSON Schemas in `schemas/` are generated from the same table. Fields stand in the order they are written.
"""
