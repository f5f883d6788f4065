"""One file per thing a person can do: its declaration, its handler, its wording."""
