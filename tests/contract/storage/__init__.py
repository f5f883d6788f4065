"""What any database must do for the core, said once, run on SQLite and on PostgreSQL."""
