"""Files: the three steps of an upload, and files.info."""

from __future__ import annotations

import secrets

from tests.support.slack.chat import Call, Chat, Method
from tests.support.slack.content import Content
from tests.support.slack.faults import ApiError, bad_arguments
from tests.support.slack.payloads import file_object
from tests.support.slack.state import Json, State, StoredFile, StoredMessage

ALT_MOST = 1000


class Files:
    """The methods files.*; a complete file can be shown after ``ready_after`` looks at it."""

    def __init__(self, state: State, content: Content, chat: Chat, *, ready_after: int) -> None:
        self.url = ""
        self.ready_after = ready_after
        self._state = state
        self._content = content
        self._chat = chat
        self._uploads: dict[str, StoredFile] = {}

    def methods(self) -> dict[str, Method]:
        """Return each method by its name."""
        return {
            "files.getUploadURLExternal": self.begin,
            "files.completeUploadExternal": self.complete,
            "files.info": self.info,
        }

    def begin(self, call: Call) -> Json:
        """Give out where the bytes are to go."""
        call.need("files:write")
        length = call.arguments["length"]
        if length <= 0 or not call.arguments["filename"]:
            raise bad_arguments("length must be greater than 0")
        alt = call.arguments.get("alt_txt", "")
        if len(alt) > ALT_MOST:
            raise ApiError("alt_txt_too_large")
        file = StoredFile(self._state.new_id("F"), call.workspace, call.arguments["filename"], length, alt)
        self._state.files[file.id] = file
        secret = secrets.token_urlsafe(16)
        self._uploads[secret] = file
        return {"ok": True, "upload_url": f"{self.url}/upload/{secret}", "file_id": file.id}

    def upload(self, secret: str, data: bytes) -> str:
        """Take the bytes; raises ApiError."""
        file = self._uploads.pop(secret, None)
        if file is None:
            raise ApiError("file_not_found", status=404)
        if len(data) != file.length:
            self._content.note(f"upload: {len(data)} bytes, announced were {file.length}")
            raise ApiError("length_mismatch", status=400)
        file.data = data
        return f"OK - {len(data)}"

    def complete(self, call: Call) -> Json:
        """Finish uploads, and post them where a channel is named."""
        call.need("files:write")
        files = [self._uploaded(call, entry.get("id", "")) for entry in call.arguments["files"]]
        if not files:
            raise bad_arguments("files must not be empty")
        named = call.arguments.get("channel_id") or call.arguments.get("channels") or ""
        channels = [self._state.channel(call.workspace, identity) for identity in named.split(",") if identity]
        for channel in channels:
            # Unlike messages, files go only where the bot is a member.
            if not channel.bot_is_member:
                raise ApiError("not_in_channel")
            if channel.archived or channel.restricted:
                raise ApiError("posting_to_channel_denied")
        for file, entry in zip(files, call.arguments["files"], strict=True):
            file.complete, file.pending, file.title = True, self.ready_after, entry.get("title") or file.name
            file.channels += [channel.id for channel in channels]
        for channel in channels:
            bot, ts = call.workspace.bot_user, self._state.new_ts()
            message = StoredMessage(ts, channel, bot, call.arguments.get("initial_comment", ""), files=files)
            message.thread_ts = call.arguments.get("thread_ts")
            self._chat.keep(message)
        return {"ok": True, "files": [file_object(file) for file in files]}

    def info(self, call: Call) -> Json:
        """Return a file; looking at it brings it nearer to being ready."""
        call.need("files:read")
        file = self._state.files.get(call.arguments["file"])
        if file is None or file.workspace is not call.workspace or not file.complete:
            raise ApiError("file_not_found")
        shown = file_object(file)
        file.pending = max(0, file.pending - 1)
        return {"ok": True, "file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}

    def _uploaded(self, call: Call, identity: str) -> StoredFile:
        file = self._state.files.get(identity)
        if file is None or file.workspace is not call.workspace or file.data is None:
            raise ApiError("file_not_found")
        return file
