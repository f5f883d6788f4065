"""What handlers are given: the use cases, and the bank for its names."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.competition.balancing import Balancing
from bot.competition.boards import Boards
from bot.competition.contests import Contests
from bot.competition.corrections import Corrections
from bot.competition.refereeing import Referee
from bot.competition.reports import champions
from bot.competition.rewards import Rewarding
from bot.competition.team_cards import TeamCards
from bot.competition.teams import TeamService
from bot.competition.weekly import Weekly
from bot.daily.answering import Answering
from bot.daily.closing import Closing
from bot.daily.planner import Planner
from bot.daily.reminding import Reminding
from bot.daily.schedules import DailySchedules
from bot.daily.seasons import Seasons
from bot.drawing import Drawing
from bot.people.profile import Profiles
from bot.ports import Clock, Storage
from bot.posting import Posting
from bot.practice.quality import Quality
from bot.practice.service import Practice, Rules
from bot.quiz.answering import RoundAnswering
from bot.quiz.hosting import Hosting
from bot.quiz.results import RoundResults
from bot.quiz.running import Running
from bot.quiz.settling import RoundSettling
from questions.bank import Bank


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case, made once at the start."""

    practice: Practice
    profiles: Profiles
    boards: Boards
    corrections: Corrections
    teams: TeamService
    team_cards: TeamCards
    balancing: Balancing
    rewarding: Rewarding
    weekly: Weekly
    contests: Contests
    referee: Referee
    schedules: DailySchedules
    planner: Planner
    answering: Answering
    closing: Closing
    seasons: Seasons
    reminding: Reminding
    hosting: Hosting
    running: Running
    round_answering: RoundAnswering
    round_settling: RoundSettling
    round_results: RoundResults
    bank: Bank
    posting: Posting
    drawing: Drawing

    @property
    def quality(self) -> Quality:
        """Return what is known of the questions: the one that practice draws by."""
        return self.practice.quality


def make_services(
    storage: Storage, bank: Bank, clock: Clock, chance: random.Random, rules: Rules, posting: Posting
) -> Services:
    """Return every use case over a database and a bank."""
    seasons = Seasons(storage, clock, rules.calendar)
    planner = Planner(bank, seasons)
    team_cards = TeamCards(storage, clock, rules.calendar)
    practice = Practice(storage, bank, clock, chance, rules)
    running = Running(bank, chance)
    return Services(
        practice=practice,
        profiles=Profiles(storage, clock, rules),
        boards=Boards(storage, clock, rules.calendar),
        corrections=Corrections(storage, clock, rules.calendar),
        teams=TeamService(storage, clock, chance, rules.calendar, team_cards),
        team_cards=team_cards,
        balancing=Balancing(storage, clock, chance, rules.calendar),
        rewarding=Rewarding(storage, clock, rules.calendar, posting, champions),
        weekly=Weekly(storage, clock, rules.calendar, posting),
        contests=Contests(storage, clock, posting, rules),
        referee=Referee(storage, clock),
        schedules=DailySchedules(storage, bank, clock, posting, planner, rules),
        planner=planner,
        answering=Answering(storage, bank, clock, rules, practice.quality),
        closing=Closing(storage, bank, clock, rules),
        seasons=seasons,
        reminding=Reminding(storage, clock, rules),
        hosting=Hosting(storage, clock, posting, running, practice.quality, rules),
        running=running,
        round_answering=RoundAnswering(storage, bank, clock, rules),
        round_settling=RoundSettling(storage, bank, clock, rules),
        round_results=RoundResults(storage, bank),
        bank=bank,
        posting=posting,
        drawing=Drawing(),
    )
