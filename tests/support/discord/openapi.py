"""Holds the bodies of requests against Discord's own OpenAPI document.

The document is rewritten once while it is read, for three reasons. Unions are told apart by ``type``, so that a
mistake deep in a container is named where it is and not as "fits none of seven schemas", and so that seven schemas
need not be tried. A property that no schema names is refused: Discord drops it in silence, and a typo would go unseen.
Snowflakes may be integers: discord.py sends them so in allowed_mentions, and Discord takes them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

VARIABLE = "DISCORD_OPENAPI"

# discord.py 2.7.1 sends these by itself though the document does not name them (found by sending commands, messages,
# edits, follow-ups and forms through it): the age limit of a command, ``tts: false`` with each edit and each post in a
# forum, the type of such a post, and all that it knows of an attachment that an edit keeps.
_KEPT_ATTACHMENT = ("proxy_url", "size", "url", "spoiler", "height", "width", "content_type")
_SENT_BY_THE_LIBRARY = {
    "ApplicationCommandUpdateRequest": ("nsfw",),
    "ApplicationCommandCreateRequest": ("nsfw",),
    "MessageEditRequestPartial": ("tts",),
    "IncomingWebhookUpdateRequestPartial": ("tts",),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ("tts",),
    "BaseCreateMessageCreateRequest": ("tts",),
    "CreateForumThreadRequest": ("type",),
    "MessageAttachmentRequest": _KEPT_ATTACHMENT,
}
_URI = "urn:discord-openapi"
_UNION = "x-union"
_MOST = 10
_LONGEST = 200


class OpenApi:
    """The document, with one validator for each operation, made when it is first asked for."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        components = _Rewriter(document["components"]["schemas"])
        schemas = {name: components.named(name) for name in document["components"]["schemas"]}
        self._operations: dict[tuple[str, ...], dict[str, Validator | None]] = {}
        self._required: set[tuple[tuple[str, ...], str]] = set()
        registry: Registry[Any] = Registry().with_resource(
            _URI, DRAFT202012.create_resource({"components": {"schemas": schemas}})
        )
        for template, item in document["paths"].items():
            segments = tuple(template.split("/"))
            methods = {method.upper(): spec for method, spec in item.items() if "responses" in spec}
            self._operations[segments] = {
                method: _validator(components, spec, registry) for method, spec in methods.items()
            }
            self._required |= {
                (segments, method) for method, spec in methods.items() if spec.get("requestBody", {}).get("required")
            }

    @classmethod
    def from_environment(cls) -> OpenApi | None:
        """Return the document that DISCORD_OPENAPI names, read once per process; None when it names none."""
        path = os.environ.get(VARIABLE)
        return _read(path) if path else None

    def violations(self, method: str, path: str, body: Any) -> list[str]:
        """Return what Discord's document has against a JSON body, as ``where: what``; nothing when it is fine.

        ``path`` is without ``/api/v10`` and without a query; for multipart ``body`` is the object in payload_json.
        """
        segments = self._template(path)
        if segments is None:
            return [f"{path}: no such path"]
        if method.upper() not in self._operations[segments]:
            return [f"{method} {path}: no such method"]
        validator = self._operations[segments][method.upper()]
        if body is None:
            return ["body: is required"] if (segments, method.upper()) in self._required else []
        if validator is None:
            return [f"body: {method} {path} takes none"]
        return list(_readable(validator.iter_errors(body)))

    def _template(self, path: str) -> tuple[str, ...] | None:
        """Return the template that fits a path; where several fit, the one whose literal segments come first."""
        given = path.split("/")
        fitting = [segments for segments in self._operations if _fits(segments, given)]
        return min(fitting, key=lambda segments: [part.startswith("{") for part in segments], default=None)


@cache
def _read(path: str) -> OpenApi:
    return OpenApi(json.loads(Path(path).read_text(encoding="utf-8")))


def _fits(segments: tuple[str, ...], given: list[str]) -> bool:
    return len(segments) == len(given) and all(
        bool(value) if part.startswith("{") else part == value for part, value in zip(segments, given, strict=True)
    )


def _validator(components: _Rewriter, operation: Mapping[str, Any], registry: Registry[Any]) -> Validator | None:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = content.get("application/json") or next(iter(content.values()))
    return _Strict(components.rewrite(schema["schema"]), registry=registry)


def _readable(errors: Iterable[ValidationError]) -> Iterator[str]:
    for error in sorted(errors, key=lambda error: [str(step) for step in error.absolute_path])[:_MOST]:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        words = error.message if len(error.message) <= _LONGEST else f"{error.message[: _LONGEST - 1]}…"
        yield f"{''.join(steps).removeprefix('.') or 'body'}: {words}"


@dataclass(frozen=True, slots=True)
class _Rewriter:
    """Turns the document's schemas into ours; see the head of this file."""

    schemas: Mapping[str, Any]

    def named(self, name: str) -> dict[str, Any]:
        """Return one of the document's components, rewritten."""
        if name == "SnowflakeType":
            return {**self.schemas[name], "type": ["string", "integer"], "minimum": 0}
        schema = self.rewrite(self.schemas[name])
        for extra in _SENT_BY_THE_LIBRARY.get(name, ()):
            schema["properties"].setdefault(extra, {})
        return schema

    def rewrite(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a schema with unions by type and without room for unknown properties."""
        made: dict[str, Any] = {key: self._value(key, value) for key, value in schema.items()}
        for key in ("oneOf", "anyOf"):
            if key in made:
                made |= self._union(made.pop(key))
        if made.get("properties") and "allOf" not in made:
            made.setdefault("additionalProperties", False)
        return made

    def _value(self, key: str, value: Any) -> Any:
        match key, value:
            case "properties", dict():
                return {name: self.rewrite(inner) for name, inner in value.items()}
            case (("items" | "additionalProperties"), dict()):
                return self.rewrite(value)
            case (("oneOf" | "anyOf" | "allOf"), list()):
                return [self.rewrite(inner) for inner in value]
            case "$ref", str():
                return f"{_URI}{value}"
        return value

    def _union(self, branches: list[dict[str, Any]]) -> dict[str, Any]:
        if all("const" in branch for branch in branches):
            return {"enum": [branch["const"] for branch in branches]}
        nullable = [branch for branch in branches if branch.get("type") == "null"]
        others = [branch for branch in branches if branch not in nullable]
        kinds = [self._kinds(branch) for branch in others]
        by_type = {kind: branch for branch, several in zip(others, kinds, strict=True) for kind in several}
        if not all(kinds) or len(others) == 1 or len(by_type) != sum(map(len, kinds)):
            by_type = {}
        return {_UNION: {"nullable": bool(nullable), "by_type": by_type, "branches": others}}

    def _kinds(self, branch: Mapping[str, Any]) -> list[int | str]:
        """Return the values of ``type`` that a schema of objects is for; none when they do not tell."""
        target = self.schemas[branch["$ref"].rsplit("/", 1)[-1]] if "$ref" in branch else branch
        kind = target.get("properties", {}).get("type", {})
        return [kind["const"]] if "const" in kind else list(kind.get("enum", ()))


def _union(
    validator: Validator, union: Mapping[str, Any], instance: object, _: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Judge by the branch that ``type`` names, or else by the branch that has least against the instance."""
    if instance is None and union["nullable"]:
        return
    by_type = union["by_type"]
    if by_type and isinstance(instance, Mapping):
        kind = instance.get("type")
        if not isinstance(kind, int | str) or kind not in by_type:
            yield ValidationError(f"type {kind!r} is none of {', '.join(map(str, by_type))}")
            return
        yield from validator.descend(instance, by_type[kind])  # type: ignore[attr-defined]
        return
    found = [list(validator.descend(instance, branch)) for branch in union["branches"]]  # type: ignore[attr-defined]
    yield from min(found, key=len)


_Strict: type[Validator] = extend(Draft202012Validator, {_UNION: _union})  # type: ignore[no-untyped-call]
