"""All that a person can do, in the order in which help lists it."""

from __future__ import annotations

from bot.commands import Router
from bot.features import home, points, progress, reward, settings, team, weekly
from bot.features.compete import compete_router
from bot.features.daily import daily_router
from bot.features.daily_admin import daily_admin_router
from bot.features.help import help_router
from bot.features.leaderboard import leaderboard_router
from bot.features.practice import practice_router
from bot.features.question import question_router
from bot.features.quiz import quiz_router
from questions.bank import Bank


def all_routes(bank: Bank) -> Router:
    """Return the declarations of every feature over a bank."""
    router = Router()
    router.include(
        [
            practice_router(bank),
            progress.router,
            quiz_router(bank),
            daily_router(),
            leaderboard_router(bank),
            team.router,
            compete_router(bank),
            settings.router,
            home.router,
            daily_admin_router(bank),
            question_router(bank),
            points.router,
            reward.router,
            weekly.router,
            help_router(router.commands),
        ]
    )
    return router
