"""Lint over questions that a test writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from questions.bank import Fault
from questions.lint import lint
from questions.model import Question
from tests.support.items import right, wrong


def lint_of(folder: Path, *questions: Question) -> list[Fault]:
    for topic in {question.topic for question in questions}:
        written = [question.model_dump(mode="json") for question in questions if question.topic == topic]
        content = yaml.safe_dump({"topic": topic, "questions": written}, allow_unicode=True)
        (folder / f"{topic.lower()}.yaml").write_text(content, encoding="utf-8")
    return lint(folder)


def said(folder: Path, *questions: Question) -> list[str]:
    return [fault.text for fault in lint_of(folder, *questions)]


def options(key: str, *rivals: str) -> list[dict[str, Any]]:
    return [right(key), *map(wrong, rivals)]
