"""What is needed to speak to Slack, and which way of listening it makes possible."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the settings say: which of them are there decides how Slack is spoken to."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    encryption_key: str = field(default="", repr=False)

    @property
    def socket(self) -> bool:
        """Tell whether a socket is used; else HTTP."""
        return bool(self.app_token)

    @property
    def many(self) -> bool:
        """Tell whether workspaces install Warmup by themselves."""
        return bool(self.client_id) and not self.socket
