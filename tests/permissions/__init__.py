"""Who may open and do what: the table of docs/permissions.md, walked over every address of the portal."""
