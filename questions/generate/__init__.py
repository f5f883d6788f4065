"""Numeric questions with numbers of their own in every draw; each family is one idea.

``generate`` gives an ordinary question, so that grading, rendering and slips just work. It bears the family's id; its
revision tells draws apart, since what is asked differs.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from questions.generate import (
    conv,
    cost,
    detection,
    generative,
    llm,
    losses,
    metrics,
    optimisers,
    systems,
    training,
    transformer,
    various,
)  # fmt: skip
from questions.generate.family import Family
from questions.model import Numeric

_GROUPS = (conv, cost, transformer, llm, systems, training, optimisers, losses, metrics, detection, generative, various)
FAMILIES: Mapping[str, Family[Any]] = MappingProxyType(
    {family.id: family for group in _GROUPS for family in group.FAMILIES}
)
"""Every family by its id."""


def generate(family_id: str, seed: int) -> Numeric:
    """Return a question of a family: the same for the same seed, in every process of the same Python.

    Raises KeyError when there is no such family.
    """
    return FAMILIES[family_id].generate(random.Random(f"{family_id} {seed}"))  # noqa: S311 - no secret
