"""Large language models: the cache of keys and values, adapters, speculative decoding."""

from __future__ import annotations

import random
from itertools import product
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show
from questions.model import Level, Source


class Cache(NamedTuple):
    """Keys and values of ``b`` sequences of ``s`` tokens in ``layers`` layers."""

    layers: int
    heads: int
    kv: int
    d_h: int
    s: int
    b: int
    size: int


def _draw_cache(chance: random.Random) -> Cache:
    heads = chance.choice((32, 40, 64))
    return Cache(
        chance.choice((24, 32, 40, 48, 80)),
        heads,
        chance.choice((1, 4, 8)),
        128,
        1024 * chance.choice((1, 2, 4, 8)),
        chance.choice((1, 2, 4, 8)),
        chance.choice((1, 2)),
    )


KV_CACHE: Family[Cache] = Family(
    id="lm-kv-cache-size",
    subtopic="LM4",
    level=Level.MEDIUM,
    tags=("by-hand", "estimate"),
    unit="GiB",
    digits=4,
    tolerance="1%",
    draw=_draw_cache,
    stem=lambda t: (
        f"A language model has {t.layers} layers, {t.heads} query heads and {t.kv} key and value "
        f"head{'s' if t.kv > 1 else ''} of size {t.d_h}. Its cache holds keys and values of {t.b} "
        f"sequence{'s' if t.b > 1 else ''} of {t.s:,} tokens in {8 * t.size}-bit numbers. How large is the cache, in "
        "GiB (2³⁰ bytes)?"
    ),
    solve=lambda t: f"2 * {t.layers} * {t.kv} * {t.d_h} * {t.s} * {t.b} * {t.size} / 2 ** 30",
    check=lambda t: sum(t.d_h * t.s * t.size for _ in product("KV", range(t.layers), range(t.kv), range(t.b))) / 2**30,
    misconceptions={
        "keys only": Misconception(
            lambda t: t.layers * t.kv * t.d_h * t.s * t.b * t.size / 2**30,
            "Half of it is missing: keys and values are both kept.",
        ),
        "one layer": Misconception(
            lambda t: 2 * t.kv * t.d_h * t.s * t.b * t.size / 2**30,
            "That is one layer. Every layer has keys and values of its own.",
        ),
        "bits for bytes": Misconception(
            lambda t: 16 * t.layers * t.kv * t.d_h * t.s * t.b * t.size / 2**30,
            "Bits were taken for bytes: the result is eight times too large.",
        ),
        "all heads": Misconception(
            lambda t: 2 * t.layers * t.heads * t.d_h * t.s * t.b * t.size / 2**30,
            "The query heads were counted. Only keys and values are cached, and groups of query heads share them.",
        ),
    },
    explanation=lambda t, key: (
        f"A token leaves a key and a value in each layer: `2 · {t.layers} · {t.kv} · {t.d_h} · {t.size} byte = "
        f"{2 * t.layers * t.kv * t.d_h * t.size:,}` bytes. {t.b} · {t.s:,} tokens need "
        f"{2 * t.layers * t.kv * t.d_h * t.size * t.s * t.b:,} bytes; divided by 2³⁰ that is {key} GiB. With keys and "
        f"values for all {t.heads} query heads it would be {show(t.heads / t.kv)} times as much: this is what "
        "grouped-query attention is for. The cache grows with context and batch, the weights do not, so the cache sets "
        "how many requests fit."
    ),
    hint="How many numbers does one token leave behind in one layer?",
    source=Source(title="Kwon et al., PagedAttention, 2023", url="https://arxiv.org/abs/2309.06180"),
)


class Adapter(NamedTuple):
    """Low-rank adapters of rank ``r`` at ``k`` square matrices of width ``d`` in each layer."""

    layers: int
    k: int
    r: int
    d: int


LORA_PARAMETERS: Family[Adapter] = Family(
    id="lm-lora-trainable-parameters",
    subtopic="LM6",
    level=Level.EASY,
    draw=lambda chance: Adapter(
        chance.choice((12, 24, 32, 40)),
        chance.choice((2, 4)),
        chance.choice((4, 8, 16, 32, 64)),
        chance.choice((768, 1024, 2048, 4096)),
    ),
    stem=lambda t: (
        f"LoRA of rank {t.r} is put at {t.k} attention matrices of {t.d:,}×{t.d:,} in each of {t.layers} layers; all "
        "else is frozen, and there are no biases. How many parameters are trained?"
    ),
    solve=lambda t: f"{t.layers} * {t.k} * 2 * {t.r} * {t.d}",
    check=lambda t: sum(t.d * t.r + t.r * t.d for _ in product(range(t.layers), range(t.k))),
    misconceptions={
        "one factor": Misconception(
            lambda t: t.layers * t.k * t.r * t.d,
            "One factor is missing: the update is a product of two matrices, d×r and r×d.",
        ),
        "full matrices": Misconception(
            lambda t: t.layers * t.k * t.d**2,
            "Those are the frozen matrices themselves. Only the two thin factors are trained.",
        ),
        "rank squared": Misconception(
            lambda t: t.layers * t.k * t.r**2,
            "A factor is not r×r: it maps the full width to rank r, or rank r to the full width.",
        ),
    },
    explanation=lambda t, key: (
        f"The update of a matrix is `B · A` with B of {t.d:,}×{t.r} and A of {t.r}×{t.d:,}: `2 · {t.r} · {t.d:,} = "
        f"{2 * t.r * t.d:,}` parameters instead of {t.d**2:,}. {t.layers} layers with {t.k} such matrices each have "
        f"`{t.layers * t.k} · {2 * t.r * t.d:,} = {int(key):,}`. That is {show(200 * t.r / t.d, 3)} % of the matrices "
        "it adapts. Optimiser states are kept for these parameters alone, which is most of the memory saved; the "
        "frozen weights must still be held and passed through."
    ),
    hint="Which shapes do the two factors have whose product is the update?",
    source=Source(title="Hu et al., LoRA, 2021", url="https://arxiv.org/abs/2106.09685"),
)


class Speculation(NamedTuple):
    """``k`` drafted tokens, each accepted with probability ``percent`` %."""

    percent: int
    k: int


def _expected_tokens(t: Speculation) -> float:
    """Average over where the first rejection falls: the tokens before it count, and one from the large model."""
    accept = t.percent / 100
    rejected = sum((1 - accept) * accept**place * (place + 1) for place in range(t.k))
    return rejected + accept**t.k * (t.k + 1)


SPECULATIVE: Family[Speculation] = Family(
    id="lm-speculative-tokens-a-pass",
    subtopic="LM4",
    level=Level.HARD,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Speculation(chance.choice((50, 60, 70, 75, 80, 90)), chance.randint(2, 8)),
    stem=lambda t: (
        f"In speculative decoding a small model drafts {t.k} tokens, and the large model checks them in one pass. Each "
        f"drafted token is accepted with probability {t.percent / 100:g}, independently; after the first rejection the "
        "rest is dropped. Every pass also yields one token of the large model's own. How many tokens does a pass yield "
        "on average?"
    ),
    solve=lambda t: f"(1 - ({t.percent} / 100) ** ({t.k} + 1)) / (1 - {t.percent} / 100)",
    check=_expected_tokens,
    misconceptions={
        "no stop": Misconception(
            lambda t: 1 + t.k * t.percent / 100,
            "Acceptances were counted as if tokens behind a rejected one could stay. They are dropped with it.",
        ),
        "own token forgotten": Misconception(
            lambda t: (1 - (t.percent / 100) ** (t.k + 1)) / (1 - t.percent / 100) - 1,
            "The large model's own token is missing: even a pass that rejects everything yields one.",
        ),
        "all or nothing": Misconception(
            lambda t: 1 + t.k * (t.percent / 100) ** t.k,
            "The draft was taken to count only if all of it is accepted. Tokens before the first rejection count as "
            "well.",
        ),
    },
    explanation=lambda t, key: (
        "The i-th drafted token counts if the first i are all accepted, with probability αⁱ, where α = "
        f"{t.percent / 100:g}. With the large model's own token the mean is `1 + α + … + α^{t.k} = (1 − α^{t.k + 1}) / "
        f"(1 − α) = {key}`. However long the draft, it stays below `1 / (1 − α) = {show(100 / (100 - t.percent), 3)}`. "
        "The gain in time is smaller still: the drafts cost something as well, and the check of several tokens costs "
        "as little as one only while decoding is limited by memory bandwidth."
    ),
    hint="With which probability does the i-th drafted token survive?",
    source=Source(title="Leviathan et al., Speculative Decoding, 2022", url="https://arxiv.org/abs/2211.17192"),
)

FAMILIES = (KV_CACHE, LORA_PARAMETERS, SPECULATIVE)
