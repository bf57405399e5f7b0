"""Pages about people, departments, roles and audiences; a module a noun."""
