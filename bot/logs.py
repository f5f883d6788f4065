"""Set up logging: one line per event on standard error, ids only, never what people typed and never a token.

The level debug alone also logs the words of unexpected errors, which may hold what people typed.
"""

from __future__ import annotations

import logging
import sys

import structlog


def _in_one_line(record: logging.LogRecord) -> bool:
    """Keep of a library's error its kind: its words may hold what people typed, and its traceback fills the log."""
    if record.exc_info and record.exc_info[0] is not None and not isinstance(record.msg, dict):
        record.msg, record.args = f"{record.getMessage()} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.exc_text = None
    return True


def set_up_logging(level: str, form: str) -> None:
    """Log from ``level`` up, as json or text; ``auto`` is text on a terminal."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    if level != "debug":
        handler.addFilter(_in_one_line)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Its traceback of a completion that failed may name the address with an interaction's token.
    logging.getLogger("discord.app_commands.tree").setLevel(logging.CRITICAL)
    for noisy in ("apscheduler", "alembic", "aiosqlite", "asyncio", "discord", "slack_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns of variables that it reads by itself, although it was given what they say.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
