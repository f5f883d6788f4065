"""What a message or a view says, held against Slack's limits before it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.slack.blocks import VIEW_BYTES, check_blocks, check_view
from tests.support.slack.faults import ApiError, bad_arguments
from tests.support.slack.state import Json, State, Workspace, walk, with_ids

Note = Callable[[str], None]
TEXT_ADVISED, TEXT_MOST = 4000, 40_000
_TOGETHER = "in all texts together"


class Content:
    """Reads what is to be shown; what the app must never send is noted as a violation."""

    def __init__(self, state: State, note: Note) -> None:
        self._state = state
        self.note = note

    def message(self, where: str, workspace: Workspace, body: Json, *, most: int = TEXT_MOST) -> tuple[str, list[Json]]:
        """Return the text and the blocks of a message; raises ApiError."""
        text, blocks = body.get("text") or "", body.get("blocks") or []
        if body.get("markdown_text"):
            if text or blocks:
                raise ApiError("markdown_text_conflict")
            blocks = [{"type": "markdown", "text": body["markdown_text"]}]
        elif blocks and not text:
            self.note(f"{where}: blocks without a text for notifications and screen readers")
        if not text and not blocks and not body.get("attachments"):
            raise ApiError("no_text")
        if len(text) > TEXT_ADVISED:
            self.note(f"{where}: a text of {len(text)} characters")
            if len(text) > most:
                raise ApiError("msg_too_long")
        self._blocks(where, blocks)
        self.pictures(workspace, blocks)
        return text, with_ids(blocks)

    def _blocks(self, where: str, blocks: Any) -> None:
        faults = check_blocks(blocks, "message") if blocks else []
        for fault in faults:
            self.note(f"{where}: {fault}")
        if any(_TOGETHER in fault for fault in faults):
            raise ApiError("msg_blocks_too_long")
        if faults:
            raise ApiError("invalid_blocks", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})

    def pictures(self, workspace: Workspace, blocks: Any) -> None:
        """Take a look at the files that image blocks show; raises ApiError while one cannot be shown."""
        for part in walk(blocks):
            if part["type"] != "image" or "slack_file" not in part:
                continue
            file = self._state.files.get(part["slack_file"].get("id", ""))
            known = file is not None and file.workspace is workspace and file.complete
            if file is None or not known or file.pending:
                if known and file is not None:
                    file.pending -= 1
                else:
                    self.note("image: a slack_file that there is not")
                raise ApiError("invalid_blocks", response_metadata={"messages": ["[ERROR] invalid slack file"]})

    def view(self, where: str, workspace: Workspace, view: Json, kind: str) -> Json:
        """Return a view as it is kept; raises ApiError."""
        if view.get("type") != kind:
            self.note(f"{where}: a view of type {view.get('type')!r}")
            raise bad_arguments(f"must be a valid {kind} view [json-pointer:/view/type]")
        faults = check_view(view)
        for fault in faults:
            self.note(f"{where}: {fault}")
        if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
            raise ApiError("view_too_large")
        if faults:
            raise bad_arguments(*faults)
        self.pictures(workspace, view["blocks"])
        return view | {"blocks": with_ids(view["blocks"])}
