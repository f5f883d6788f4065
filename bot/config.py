"""The settings: read once from the environment and ``.env``, checked as a whole, passed down.

Every fault is one line that names the variable and the mend. A misspelt variable must not pass for an unset one, so
unknown names in ``.env``, unknown ``WARMUP_`` names in the environment and near misses of ours are faults as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.errors import ConfigError
from bot.zones import KNOWN

_OTHERS = ("DISCORD_", "SLACK_")
"""Prefixes of the platforms' variables: other programs use them too, so only near misses of ours are faults there."""


class Settings(BaseModel):
    """What can be set; each description is the README's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: SecretStr = Field(
        SecretStr("sqlite:///data/warmup.db"),
        validation_alias="DATABASE_URL",
        description="Where everything is kept: `sqlite:///path`, `postgres://…` or `postgresql://…`",
    )
    discord_token: SecretStr | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="The bot's token; with it, Warmup runs on Discord"
    )
    discord_api_url: str = Field(
        "https://discord.com/api/v10",
        validation_alias="DISCORD_API_URL",
        description="Discord's HTTP API, or a proxy of it such as nirn-proxy",
    )
    discord_gateway_url: str = Field(
        "",
        validation_alias="DISCORD_GATEWAY_URL",
        description="A proxy of Discord's gateway such as gateway-proxy; without it, Discord says where its gateway is",
    )
    slack_bot_token: SecretStr | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN", description="The bot's token of one Slack workspace, `xoxb-…`"
    )
    slack_app_token: SecretStr | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="The app-level token, `xapp-…`; with it, Slack is listened to over a socket (Socket Mode)",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Proves that requests are Slack's; with it and no app token, Slack is listened to over HTTP",
    )
    slack_client_id: str = Field(
        "",
        validation_alias="SLACK_CLIENT_ID",
        description="With it, many workspaces install Warmup over HTTP by themselves, at `/slack/install`",
    )
    slack_client_secret: SecretStr | None = Field(
        None, validation_alias="SLACK_CLIENT_SECRET", description="The secret that belongs to the client id"
    )
    slack_encryption_key: SecretStr | None = Field(
        None,
        validation_alias="SLACK_ENCRYPTION_KEY",
        description="Encrypts the tokens of many workspaces; `python -m bot slack key` prints one; newest first",
    )
    slack_command_prefix: str = Field(
        "",
        validation_alias="SLACK_COMMAND_PREFIX",
        description="Stands before each command on Slack, such as `dl-` for `/dl-practice`",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Slack's Web API: that of GovSlack, or a proxy",
    )
    port: int = Field(
        8080,
        validation_alias="PORT",
        ge=0,
        le=65535,
        description="Port of the browser page, or of Slack's requests over HTTP",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="WARMUP_HOST",
        description="Address of the browser page; loopback only, because the page has no sign-in",
    )
    timezone: str = Field(
        "UTC",
        validation_alias="WARMUP_TIMEZONE",
        description="IANA zone in which weeks, months and seasons change, and of people who chose none",
    )
    season: Literal["month", "quarter", "year"] = Field(
        "month",
        validation_alias="WARMUP_SEASON",
        description="How long a question that paid in full pays nothing more: `month`, `quarter` or `year`",
    )
    daily_cap: int = Field(
        200,
        validation_alias="WARMUP_DAILY_CAP",
        ge=1,
        le=100_000,
        description="Most points that practice pays a person on one of their days",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="WARMUP_LOG_LEVEL", description="`debug`, `info`, `warning` or `error`"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        validation_alias="WARMUP_LOG_FORMAT",
        description="`json` lines, readable `text`, or `auto`: text on a terminal, json elsewhere",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in KNOWN:
            close = get_close_matches(zone, KNOWN, 1) or ["Europe/Berlin"]
            raise ValueError(f"there is no IANA time zone {zone!r}; write one such as {close[0]}")
        return zone

    @field_validator("host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(f"{host} is not this machine alone, and the page has no sign-in; leave it at 127.0.0.1")
        return host

    @field_validator("slack_command_prefix")
    @classmethod
    def _prefix(cls, prefix: str) -> str:
        if not re.fullmatch(r"[a-z0-9_-]{0,12}", prefix):
            raise ValueError("write at most 12 small letters, digits, - and _, such as dl-")
        return prefix

    @field_validator("discord_api_url", "discord_gateway_url", "slack_api_url")
    @classmethod
    def _address(cls, url: str, info: ValidationInfo) -> str:
        schemes = ("ws", "wss") if info.field_name == "discord_gateway_url" else ("http", "https")
        parts = urlsplit(url)
        if url and (parts.scheme not in schemes or not parts.hostname):
            raise ValueError(f"write an address that begins with {schemes[0]}:// or {schemes[1]}://")
        return url.rstrip("/")

    @property
    def slack(self) -> bool:
        """Tell whether Slack is configured."""
        return self.slack_bot_token is not None or bool(self.slack_client_id)

    @model_validator(mode="after")
    def _slack_is_whole(self) -> Self:
        """See that what was given of Slack is enough for one way to listen to it."""
        needs = [*self._slack_needs()]
        if needs:
            raise ValueError(f"{needs[0]}; docs/slack.md says where it stands")
        return self

    def _slack_needs(self) -> Iterator[str]:
        given = [self.slack_bot_token, self.slack_app_token, self.slack_signing_secret]
        one = any(secret is not None for secret in given)
        if self.slack_client_id and self.slack_app_token is None:
            for name, secret in (
                ("SLACK_CLIENT_SECRET", self.slack_client_secret),
                ("SLACK_SIGNING_SECRET", self.slack_signing_secret),
                ("SLACK_ENCRYPTION_KEY", self.slack_encryption_key),
            ):
                if secret is None:
                    yield f"{name}: SLACK_CLIENT_ID needs it too"
        elif one and self.slack_bot_token is None:
            yield "SLACK_BOT_TOKEN: Slack is configured in part, and this is missing"
        elif one and self.slack_app_token is None and self.slack_signing_secret is None:
            yield "SLACK_APP_TOKEN: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"

    @property
    def zone(self) -> ZoneInfo:
        """Return the workspace's zone."""
        return ZoneInfo(self.timezone)


def variables() -> Mapping[str, str]:
    """Return every variable that can be set, with its description."""
    return {str(field.validation_alias): field.description or "" for field in Settings.model_fields.values()}


def load_settings(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Read the settings; the environment wins over the file.

    Raises ConfigError with one line per fault.
    """
    found = os.environ if environment is None else environment
    written = dotenv_values(env_file, interpolate=False) if env_file.is_file() else {}
    faults = [*_unknown(found, written, env_file)]
    given = {name: found.get(name) or written.get(name) for name in variables()}
    settings: Settings | None = None
    try:
        settings = Settings.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        faults += [
            _fault(str(problem["loc"][0]) if problem["loc"] else "", problem["msg"]) for problem in error.errors()
        ]
    if faults or settings is None:
        raise ConfigError(sorted(faults))
    return settings


def _fault(name: str, said: str) -> str:
    if not name:
        return said.removeprefix("Value error, ")
    return f"{name}: {said.removeprefix('Value error, ').removeprefix('Input should be ')}".replace(
        f"{name}: '", f"{name}: write '"
    )


def _unknown(found: Mapping[str, str], written: Mapping[str, str | None], env_file: Path) -> Iterator[str]:
    known = variables()
    for name in written:
        if name not in known:
            yield f"{name}: unknown in {env_file}{_meant(name)}"
    for name in found:
        near = name.startswith(_OTHERS) and bool(get_close_matches(name, known, 1, cutoff=0.85))
        if name not in known and name not in written and (name.startswith("WARMUP_") or near):
            yield f"{name}: unknown in the environment{_meant(name)}"


def _meant(name: str) -> str:
    close = get_close_matches(name, variables(), 1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else "; remove it, or see README.md for the names"
