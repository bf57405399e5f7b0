"""Pages that belong to no app, built from what the apps contribute."""
