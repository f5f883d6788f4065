"""What the documents say is what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from adapters.discord.permissions import NEEDS, SCOPES
from adapters.slack import permissions as slack
from bot.config import Settings, variables
from bot.features.help import command_table
from bot.features.routes import all_routes
from questions.bank import load_bank
from tests.support.process import ROOT, verb

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _marked(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_readme_has_every_command_as_declared() -> None:
    assert _marked("commands") == command_table(all_routes(load_bank()).commands.values())


def test_the_readme_has_every_setting_with_its_default() -> None:
    rows = []
    for field in Settings.model_fields.values():
        default = field.default if not hasattr(field.default, "get_secret_value") else field.default.get_secret_value()
        shown = f"`{default}`" if default else ""
        rows.append(f"| `{field.validation_alias}` | {shown} | {field.description} |")
    assert _marked("settings").splitlines()[2:] == rows


def test_the_example_file_names_only_settings() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) <= set(variables())


def test_every_runtime_dependency_is_named_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    names = {re.split(r"[\[<>=]", requirement)[0] for requirement in wanted}
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert {name for name in names if f"| {name} " not in page} == set()


def test_the_dependency_rule_in_words_is_the_one_that_is_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = next(part for part in page.split("```") if part.strip().startswith("bot.__main__"))
    floors = [re.split(r"\s{2,}", line)[0] for line in block.strip().splitlines()]
    assert floors == contracts[0]["layers"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_pins_with_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--find-links|--extra-index", text)
    pins = re.findall(r"^[a-z0-9].*", text, re.MULTILINE | re.IGNORECASE)
    assert pins
    assert all("==" in pin and pin.rstrip().endswith("\\") for pin in pins)


def test_every_process_type_can_be_run(tmp_path: Path) -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    for line in lines:
        name, command = line.split(": ", 1)
        assert command.startswith("python -m bot "), name
        assert verb(tmp_path, *command.split()[3:], "--help").returncode == 0, name


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / "docs" / link).exists()] == []


def test_links_of_the_readme_lead_somewhere() -> None:
    assert [link for link in re.findall(r"\]\(([^)#:]+)\)", README) if not (ROOT / link).exists()] == []


def test_discords_page_has_every_permission_with_its_reason() -> None:
    page = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")
    table = page.split("<!-- permissions -->")[1].split("<!-- /permissions -->")[0].strip().splitlines()[2:]
    scopes = [f"| scope `{scope}` | {reason} |" for scope, reason in SCOPES.items()]
    assert table == [*scopes, *(f"| {words} | {reason} |" for words, reason in NEEDS.values())]


def test_discords_page_goes_from_zero_in_ten_steps() -> None:
    page = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d+)\. ", page, re.MULTILINE) == [str(step) for step in range(1, 11)]


def test_slacks_page_has_every_scope_and_event_with_its_reason() -> None:
    page = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    table = page.split("<!-- scopes -->")[1].split("<!-- /scopes -->")[0].strip().splitlines()[2:]
    needed = [f"| scope `{scope}` | {reason} |" for scope, reason in slack.SCOPES.items()]
    optional = [f"| scope `{scope}` (optional) | {reason} |" for scope, reason in slack.OPTIONAL_SCOPES.items()]
    assert table == [*needed, *optional, *(f"| event `{event}` | {why} |" for event, why in slack.EVENTS.items())]


def test_slacks_page_goes_from_zero_in_ten_steps_each_way() -> None:
    page = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d+)\. ", page, re.MULTILINE) == [str(step) for step in range(1, 11)] * 2


def test_the_page_on_deploying_has_every_process_type() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    table = page.split("<!-- processes -->")[1].split("<!-- /processes -->")[0].strip().splitlines()[2:]
    told = {row.split("|")[1].strip(" `"): row.split("|")[2].strip(" `") for row in table}
    assert told == dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines())


def test_the_container_holds_every_folder_that_is_imported() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE))
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    assert copied == set(packages)
    assert {f"!{name}" for name in copied} <= set((ROOT / ".dockerignore").read_text("utf-8").splitlines())
