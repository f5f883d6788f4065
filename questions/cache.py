"""Keep what YAML files say as JSON beside them: reading YAML is most of what loading the bank costs.

An entry holds what a file said and where its questions stand, not questions: every reader validates it anew, so an
entry cannot outlive a change of the schema. It is named for the SHA-256 of the file, so it cannot be stale, and begins
with the SHA-256 of the rest, so damage shows. Whatever cannot be read or written is left: the YAML is always there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from questions.model import TopicFile

FOLDER = ".cache"
"""The name of the cache's folder, beside the files that it repeats."""

_FORMAT = b"1"
"""Raise it when the same YAML is to be read in another way."""


def recall(path: Path, data: bytes) -> tuple[TopicFile, list[int]] | None:
    """Return what the file ``path``, which holds ``data``, says, and the 1-based lines of its questions, if known."""
    try:
        digest, lines, content = _entry(path, data).read_bytes().split(b"\n", 2)
        if digest != _digest(lines + b"\n" + content):
            return None
        return TopicFile.model_validate_json(content), json.loads(lines)
    except (OSError, ValueError):  # ValidationError is a ValueError
        return None


def keep(path: Path, data: bytes, said: object, lines: Sequence[int]) -> None:
    """Write down what YAML made of a file without faults, in place of what older versions of the file said."""
    entry = _entry(path, data)
    with suppress(OSError, TypeError, ValueError):
        rest = f"{json.dumps(lines)}\n{json.dumps(said, ensure_ascii=False)}".encode()
        entry.parent.mkdir(exist_ok=True)
        # Other processes may write the same at this moment: each writes a file of its own, and one rename wins.
        draft = entry.with_suffix(f".{uuid4().hex}")
        draft.write_bytes(_digest(rest) + b"\n" + rest)
        draft.replace(entry)
        for other in entry.parent.glob(f"{path.stem}-*"):
            if other != entry:
                other.unlink(missing_ok=True)


def _entry(path: Path, data: bytes) -> Path:
    return path.parent / FOLDER / f"{path.stem}-{hashlib.sha256(_FORMAT + data).hexdigest()}.json"


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
