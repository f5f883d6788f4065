"""Valid questions of each kind, any field of which a test may replace; and small banks of them.

A builder that is given only an id takes the first subtopic of that id's topic; one that is given only a subtopic
makes an id of its topic. So ``one(id="op-a")`` and ``one(subtopic="OP1")`` are both valid as they stand.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from questions.bank import Bank
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import Taxonomy, load_taxonomy

SOURCE = {"title": "Goodfellow et al., Deep Learning, 2016", "url": "https://www.deeplearningbook.org/"}
EXPLANATION = (
    "A layer computes one weighted sum for each of its outputs and adds a bias to it, so its weights number inputs "
    "times outputs and its biases number outputs. Counting both gives the size of the layer, which sets the memory "
    "that it takes and most of the time that it needs for one example."
)
"""Of more than the forty words that lint asks for."""


def one(**fields: Any) -> OneBest:
    """Return a one-best-answer question; its key is the first of four options."""
    return OneBest.model_validate(_item("one", fields, {
        "stem": "Which layer halves the height and width of its input?",
        "options": [
            right("Max pooling, 2×2 with stride 2"),
            wrong("A 1×1 convolution with stride 1"),
            wrong("A dense layer with half the units"),
            wrong("Batch norm with momentum 0.5"),
        ],
    }))  # fmt: skip


def many(**fields: Any) -> SelectAll:
    """Return a choose-all-that-apply question; options 0 and 1 of four are right."""
    return SelectAll.model_validate(_item("many", fields, {
        "stem": "Choose everything that fights overfitting.",
        "options": [
            right("Weight decay"),
            right("Dropout"),
            wrong("A larger network"),
            wrong("Training for longer"),
        ],
    }))  # fmt: skip


def truth(**fields: Any) -> TrueFalse:
    """Return a true-or-false question; false is right."""
    return TrueFalse.model_validate(_item("truth", fields, {
        "stem": "Without activation functions, ten dense layers compute more than one dense layer can.",
        "answer": False,
        "why": "It takes depth for power; a product of matrices is one matrix.",
    }))  # fmt: skip


def number(**fields: Any) -> Numeric:
    """Return a numeric question: 1960, exactly, with one slip (1920)."""
    return Numeric.model_validate(_item("number", fields, {
        "stem": "A dense layer has 48 inputs and 40 outputs. How many parameters does it have?",
        "value": "1960",
        "compute": "48 * 40 + 40",
        "slips": [{"value": "1920", "why": "The 40 biases were forgotten."}],
    }))  # fmt: skip


def order(**fields: Any) -> Ordered:
    """Return an ordering question of five steps."""
    return Ordered.model_validate(_item("order", fields, {
        "stem": "Put the parts of one training step in order.",
        "steps": ["Draw a batch", "Run it forward", "Compute the loss", "Run the gradients back", "Move the weights"],
        "mistake": "Moving the weights before the gradients are there: the step then uses those of the last batch.",
    }))  # fmt: skip


def text(**fields: Any) -> FreeText:
    """Return a free-text question of three key points that weigh 0.5, 0.3 and 0.2."""
    return FreeText.model_validate(_item("text", fields, {
        "stem": "Explain why a deep network may train badly without residual connections.",
        "points": [
            {"text": "Gradients shrink on their way through many layers", "weight": 0.5},
            {"text": "A residual connection lets them pass unchanged", "weight": 0.3},
            {"text": "A block then needs to learn a correction only", "weight": 0.2},
        ],
        "red_flags": ["Says that the cause is overfitting"],
        "model_answer": "Gradients are products over layers and shrink with depth; the identity path keeps them whole.",
    }))  # fmt: skip


def right(words: str) -> dict[str, Any]:
    """Return a right option as an author writes it."""
    return {"text": words, "right": True}


def wrong(words: str, why: str = "It was taken for something else; it does not do this.") -> dict[str, Any]:
    """Return a wrong option as an author writes it."""
    return {"text": words, "why": why}


def bank_of(*questions: Question) -> Bank:
    """Return a bank of these questions under the real taxonomy."""
    places = {question.id: ("test.yaml", line) for line, question in enumerate(questions, 1)}
    return Bank(questions, real_taxonomy(), places)


@cache
def real_taxonomy() -> Taxonomy:
    """Return the taxonomy of the real bank, read once."""
    return load_taxonomy()


def _item(kind: str, fields: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    topic = str(fields.get("subtopic") or fields.get("id") or "ML")[:2]
    shared = {
        "kind": kind,
        "id": f"{topic.lower()}-{kind}",
        "subtopic": f"{topic.upper()}1",
        "level": "medium",
        "hint": "Count what goes in and what comes out.",
        "explanation": EXPLANATION,
        "source": SOURCE,
    }
    return shared | own | fields
