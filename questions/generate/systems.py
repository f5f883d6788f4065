"""Memory, time and traffic of training and serving."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import NamedTuple

from questions.generate.family import Family, Misconception, power, show
from questions.model import Level, Source

_ZERO = Source(title="Rajbhandari et al., ZeRO, 2019", url="https://arxiv.org/abs/1910.02054")


class States(NamedTuple):
    """A model of ``p`` million parameters trained with ZeRO at ``stage`` on ``n`` GPUs."""

    p: int
    n: int
    stage: int


def _state_bytes(t: States) -> float:
    """Add up what one GPU holds: each kind of state whole, or the share that its stage cuts it to."""
    held = Fraction(0)
    for size, cut_from in [(2, 3), (2, 2), (4, 1), (4, 1), (4, 1)]:
        held += Fraction(size, t.n) if t.stage >= cut_from else size
    return float(held * t.p / 1000)


MODEL_STATES: Family[States] = Family(
    id="hw-model-states-under-zero",
    subtopic="HW2",
    level=Level.HARD,
    tags=("by-hand", "estimate"),
    unit="GB",
    digits=4,
    tolerance="1%",
    draw=lambda chance: States(
        chance.choice((350, 760, 1300, 2700, 6700, 7000, 13000)),
        chance.choice((4, 8, 16, 32, 64)),
        chance.randint(1, 2),
    ),
    stem=lambda t: (
        f"A model of {show(t.p / 1000)} billion parameters is trained with Adam in mixed precision on {t.n} GPUs with "
        f"ZeRO stage {t.stage}. Weights and gradients are kept in 16 bits; the optimiser keeps an fp32 copy of the "
        "weights and two fp32 moments. How much memory do these states take on each GPU, in GB (10⁹ bytes), "
        "activations and buffers aside?"
    ),
    solve=lambda t: (
        f"(4 * {t.p} + 12 * {t.p} / {t.n}) / 1000" if t.stage == 1 else f"(2 * {t.p} + 14 * {t.p} / {t.n}) / 1000"
    ),
    check=_state_bytes,
    misconceptions={
        "weights only": Misconception(
            lambda t: 2 * t.p / 1000,
            "Those are the 16-bit weights alone; gradients and the states of Adam take far more.",
        ),
        "master copy forgotten": Misconception(
            lambda t: (4 * t.p + 8 * t.p / t.n if t.stage == 1 else 2 * t.p + 10 * t.p / t.n) / 1000,
            "The fp32 copy of the weights is missing: with it the optimiser keeps 12 bytes a parameter, not 8.",
        ),
        "everything cut": Misconception(
            lambda t: 16 * t.p / t.n / 1000,
            "Everything was divided among the GPUs. That is stage 3; stages 1 and 2 leave the weights whole.",
        ),
        "nothing cut": Misconception(
            lambda t: 16 * t.p / 1000,
            "Nothing was divided: 16 bytes a parameter is what plain data parallelism keeps on every GPU.",
        ),
    },
    explanation=lambda t, key: (
        "For each parameter there are 2 bytes of weight, 2 of gradient and 12 of optimiser states (fp32 weight and two "
        "moments). Stage 1 divides the 12 among the GPUs, stage 2 the gradients as well, stage 3 all 16. At stage "
        f"{t.stage} a GPU keeps "
        + (f"`4 + 12/{t.n}" if t.stage == 1 else f"`2 + 14/{t.n}")
        + f" = {show(4 + 12 / t.n if t.stage == 1 else 2 + 14 / t.n)}` bytes a parameter; times {show(t.p / 1000)} "
        f"billion that is {key} GB. Without ZeRO it would be {show(16 * t.p / 1000)} GB on every GPU."
    ),
    hint="List the bytes that a parameter takes, kind by kind; which kinds does this stage divide?",
    source=_ZERO,
)


class Run(NamedTuple):
    """``p`` billion parameters, ``d`` billion tokens, GPUs, their peak in TFLOP/s, and the share of it that is used."""

    p: int
    d: int
    gpus: int
    peak: int
    mfu: int


def _draw_run(chance: random.Random) -> Run:
    p = chance.choice((1, 3, 7, 13, 34, 70))
    gpus = chance.choice((256, 512, 1024, 2048) if p > 10 else (16, 32, 64, 128))
    return Run(
        p, p * chance.choice((20, 25, 30, 40)), gpus, chance.choice((312, 989)), chance.choice((30, 35, 40, 45, 50))
    )


def _days(t: Run) -> float:
    each_second = t.gpus * t.peak * 1e12 * t.mfu / 100
    forward = 2 * t.p * 1e9 / each_second
    seconds_a_token = forward + 2 * forward
    return t.d * 1e9 * seconds_a_token / 60 / 60 / 24


TRAINING_DAYS: Family[Run] = Family(
    id="hw-days-of-pre-training",
    subtopic="HW5",
    level=Level.MEDIUM,
    tags=("by-hand", "estimate"),
    unit="days",
    digits=4,
    tolerance="2%",
    draw=_draw_run,
    stem=lambda t: (
        f"A dense transformer of {t.p} billion parameters is trained on {t.d:,} billion tokens. There are {t.gpus:,} "
        f"GPUs with a peak of {t.peak} TFLOP/s each, and the model FLOPs utilisation is {t.mfu} %. How many days does "
        "it take? Use 6 FLOPs for each parameter and token."
    ),
    solve=lambda t: f"6 * {t.p}e9 * {t.d}e9 / ({t.gpus} * {t.peak}e12 * {t.mfu} / 100 * 86400)",
    check=_days,
    misconceptions={
        "forward only": Misconception(
            lambda t: _days(t) / 3,
            "2 FLOPs for each parameter and token are the forward pass alone; the backward pass takes twice as many "
            "more.",
        ),
        "full peak": Misconception(
            lambda t: _days(t) * t.mfu / 100,
            "The GPUs were taken to run at their peak. The utilisation says which share of it is useful work.",
        ),
        "times utilisation": Misconception(
            lambda t: _days(t) * (t.mfu / 100) ** 2,
            "The time was multiplied by the utilisation. Using less of the peak makes it longer: divide.",
        ),
    },
    explanation=lambda t, key: (
        f"Training takes `6 · {t.p}·10⁹ · {t.d:,}·10⁹ = {power(6e18 * t.p * t.d)}` FLOPs: 2 a parameter and token "
        f"forward, 4 backward. The cluster does `{t.gpus:,} · {t.peak}·10¹² · {t.mfu / 100:g} = "
        f"{power(t.gpus * t.peak * 1e10 * t.mfu)}` useful FLOPs a second. The quotient is {power(_days(t) * 86400)} "
        f"seconds; divided by 86,400 that is {key} days. The rule leaves out attention's n² part, restarts and "
        "evaluation, so plan for more."
    ),
    hint="Total FLOPs over useful FLOPs in a second; then seconds to days.",
    source=Source(
        title="Kaplan et al., Scaling Laws for Neural Language Models, 2020", url="https://arxiv.org/abs/2001.08361"
    ),
)


class Ring(NamedTuple):
    """A ring all-reduce of ``p`` million values of ``size`` bytes among ``n`` GPUs."""

    p: int
    n: int
    size: int


def _ring_traffic(t: Ring) -> float:
    """Let one GPU of the ring send a chunk in each step of the two phases."""
    chunk = Fraction(t.p * 10**6 * t.size, t.n)
    sent = sum(chunk for _phase in ("reduce-scatter", "all-gather") for _step in range(t.n - 1))
    return float(sent / 10**9)


ALL_REDUCE: Family[Ring] = Family(
    id="hw-ring-all-reduce-traffic",
    subtopic="HW4",
    level=Level.MEDIUM,
    tags=("by-hand", "estimate"),
    unit="GB",
    digits=4,
    tolerance="1%",
    draw=lambda chance: Ring(
        chance.choice((25, 60, 110, 340, 770, 1300)), chance.choice((4, 8, 16, 32)), chance.choice((2, 4))
    ),
    stem=lambda t: (
        f"{t.n} GPUs average the gradients of a model of {t.p:,} million parameters by a ring all-reduce. A gradient "
        f"takes {t.size} bytes. How much data does each GPU send for one update, in GB (10⁹ bytes)?"
    ),
    solve=lambda t: f"2 * ({t.n} - 1) / {t.n} * {t.p} * 10 ** 6 * {t.size} / 10 ** 9",
    check=_ring_traffic,
    misconceptions={
        "one phase": Misconception(
            lambda t: (t.n - 1) / t.n * t.p * t.size / 1000,
            "That is one of two phases: the sums are first formed chunk by chunk, then passed around.",
        ),
        "to everybody": Misconception(
            lambda t: (t.n - 1) * t.p * t.size / 1000,
            "That sends all gradients to every other GPU. In a ring a GPU sends one chunk to its neighbour in each "
            "step.",
        ),
    },
    explanation=lambda t, key: (
        f"The gradients take `{t.p:,}·10⁶ · {t.size} = {show(t.p * t.size / 1000)}` GB and are cut into {t.n} chunks. "
        f"In the reduce-scatter each GPU sends {t.n - 1} chunks, in the all-gather {t.n - 1} more: `2 · "
        f"{t.n - 1}/{t.n} · {show(t.p * t.size / 1000)} = {key}` GB. For many GPUs that tends to twice the size of the "
        "gradients, whatever their number: this is why the ring scales in bandwidth. The number of steps, and with it "
        "the latency, does grow with the ring."
    ),
    hint="The gradients are cut into as many chunks as there are GPUs, and go round twice, less one step each time.",
    source=_ZERO,
)


class Pipeline(NamedTuple):
    """A pipeline of ``stages`` fed with ``batches`` micro-batches."""

    stages: int
    batches: int


def _idle_share(t: Pipeline) -> float:
    slots = [[False] * (t.stages + t.batches - 1) for _ in range(t.stages)]
    for stage in range(t.stages):
        for batch in range(t.batches):
            slots[stage][stage + batch] = True
    every = [busy for row in slots for busy in row]
    return 100 * every.count(False) / len(every)


PIPELINE_BUBBLE: Family[Pipeline] = Family(
    id="hw-pipeline-bubble",
    subtopic="HW4",
    level=Level.MEDIUM,
    unit="%",
    digits=4,
    tolerance="1%",
    draw=lambda chance: Pipeline(chance.choice((4, 8, 16)), chance.choice((4, 8, 12, 16, 24, 32, 64))),
    stem=lambda t: (
        f"A model is cut into {t.stages} pipeline stages that take equally long. A batch is fed as {t.batches} "
        "micro-batches, all forward passes first and then all backward passes, as in GPipe; communication is free. "
        "Which share of the time is a stage idle, in %?"
    ),
    solve=lambda t: f"100 * ({t.stages} - 1) / ({t.batches} + {t.stages} - 1)",
    check=_idle_share,
    misconceptions={
        "relative to work": Misconception(
            lambda t: 100 * (t.stages - 1) / t.batches,
            "That compares idle time with working time. The share of all time has both in its denominator.",
        ),
        "stages for gaps": Misconception(
            lambda t: 100 * t.stages / (t.batches + t.stages),
            "The bubble is one slot shorter than the pipeline is long: the last stage waits for the others, not "
            "itself.",
        ),
        "no micro-batches": Misconception(
            lambda t: 100 * (t.stages - 1) / t.stages,
            "That is the bubble without micro-batches, where one stage works at a time.",
        ),
    },
    explanation=lambda t, key: (
        f"The last stage gets its first micro-batch after `{t.stages} − 1 = {t.stages - 1}` slots, and from then on "
        f"works {t.batches} slots in a row, so a pass lasts {t.batches + t.stages - 1} slots. Every stage is idle in "
        f"{t.stages - 1} of them: `{t.stages - 1} / {t.batches + t.stages - 1} = {key}` %. The backward pass has the "
        "same shape, so the share stays. More micro-batches shrink the bubble, but they must be kept large enough to "
        "use the GPU, and their activations wait for the backward pass."
    ),
    hint="Draw stages as rows and time slots as columns, and shade what is busy.",
    source=Source(title="Huang et al., GPipe, 2018", url="https://arxiv.org/abs/1811.06965"),
)


FAMILIES = (MODEL_STATES, TRAINING_DAYS, ALL_REDUCE, PIPELINE_BUBBLE)
