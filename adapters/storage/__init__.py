"""The database: SQLAlchemy Core on SQLite or PostgreSQL, the same statements on both."""
