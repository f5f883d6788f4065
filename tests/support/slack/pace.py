"""Rate limits of the loopback Slack: those that a test orders, and on request the real ones."""

from __future__ import annotations

from collections import defaultdict, deque
from math import ceil

POSTS_BURST, POSTS_PER_SECOND = 3, 1.0
UPDATES, UPDATES_SECONDS = 50, 60.0


class Pace:
    """Says whether a call must wait; with ``real`` one post a second per channel and 50 updates a minute."""

    def __init__(self, *, real: bool = False) -> None:
        self.real = real
        self._ordered: dict[str, deque[int]] = defaultdict(deque)
        self._posts: dict[str, tuple[float, float]] = {}
        self._updates: dict[str, deque[float]] = defaultdict(deque)

    def order(self, method: str, retry_after: int, times: int = 1) -> None:
        """Answer the next calls of a method with 429."""
        self._ordered[method] += [retry_after] * times

    def wait(self, method: str, workspace: str, channel: str, now: float) -> int:
        """Return how many seconds a call must wait, 0 if it may go on; ``workspace`` may be a token."""
        if self._ordered[method]:
            return self._ordered[method].popleft()
        if not self.real:
            return 0
        if method == "chat.postMessage":
            return self._post(channel, now)
        return self._update(workspace, now) if method == "chat.update" else 0

    def _post(self, channel: str, now: float) -> int:
        left, at = self._posts.get(channel, (float(POSTS_BURST), now))
        left = min(POSTS_BURST, left + (now - at) * POSTS_PER_SECOND)
        allowed = left >= 1
        self._posts[channel] = (left - 1 if allowed else left, now)
        return 0 if allowed else max(1, ceil((1 - left) / POSTS_PER_SECOND))

    def _update(self, workspace: str, now: float) -> int:
        recent = self._updates[workspace]
        while recent and recent[0] <= now - UPDATES_SECONDS:
            recent.popleft()
        if len(recent) >= UPDATES:
            return max(1, ceil(recent[0] + UPDATES_SECONDS - now))
        recent.append(now)
        return 0
