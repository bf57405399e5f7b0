"""The floor: a bare Django page, which every page of the portal is compared with.

Session sign-in, one indexed query, one template, no other middleware; the same interpreter, server, database and rows.
"""
