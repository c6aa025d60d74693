"""Models that estimate: what a campaign did, what an hour is worth, which segment a member is in.

What is imported here is what notebooks and sections call.
"""

from fanops_utils.models.audience.groups import Groups, find_groups
from fanops_utils.models.audience.leaving import Leaving, TooFewLeavers, leaving
from fanops_utils.models.audience.moving import stage_moves, steady_state
from fanops_utils.models.audience.next_best import NextBest, TooLittleTaken, next_best
from fanops_utils.models.audience.rhythm import STAGES, Rhythm, rhythm_of, stages
from fanops_utils.models.audience.segments import TierThresholds, activity_gap, migration, segment_shares, tiers
from fanops_utils.models.audience.standing_out import standing_out
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.campaign.impact import campaign_effect, difference_in_differences
from fanops_utils.models.campaign.league import campaign_standings, effect_again, league_table
from fanops_utils.models.campaign.outlying import posts_against_usual
from fanops_utils.models.campaign.parts import (
    effect_or_reason,
    effects_by_market,
    effects_by_platform,
    format_mix,
    partner_rates,
    phases_or_none,
    spillover,
)
from fanops_utils.models.campaign.phases import phase_effects
from fanops_utils.models.campaign.placebo import Placebos
from fanops_utils.models.campaign.power import detectable_effects, market_choices, power_curve, propose_controls
from fanops_utils.models.campaign.pretrend import PreTrend
from fanops_utils.models.campaign.retrospective import retrospective_effect
from fanops_utils.models.campaign.structural import StructuralEffect, structural_effect
from fanops_utils.models.choice.score import Score, score
from fanops_utils.models.commerce.association import associations, outcome_by
from fanops_utils.models.commerce.buying import BuyingModel, NoStableFit, TooFewBuyers, fit_buying
from fanops_utils.models.commerce.offers import offer_effects
from fanops_utils.models.commerce.sales import SaleEffect, sale_effect
from fanops_utils.models.commerce.spending import SpendingModel, fit_spending
from fanops_utils.models.commerce.staying import curves_by, kaplan_meier, staying_ahead, still_there
from fanops_utils.models.commerce.value import LifetimeValue, lifetime_value, purchase_history
from fanops_utils.models.content.added import caption_effects, combinations_of, part_of_day
from fanops_utils.models.content.fading import Fading, fading, summarise
from fanops_utils.models.content.library import (
    comparable_posts,
    fading_by,
    rank_groups,
    rank_on_platforms,
    rank_posts,
    read_captions,
    read_combinations,
    size_of,
    time_posts,
)
from fanops_utils.models.content.mix import MixRate, mix_and_rate
from fanops_utils.models.content.posting_time import PostingTime, posting_time
from fanops_utils.models.content.ranking import Ranking, rank_cells
from fanops_utils.models.content.topics import WordGroups, with_topics_by_words, word_groups
from fanops_utils.models.crisis.drill import Drill, drill
from fanops_utils.models.crisis.watch import Episode, Replay, episodes, replay, spread_to, spreading, watch
from fanops_utils.models.forecasts.backtest import Backtest, backtest
from fanops_utils.models.forecasts.drift import Forecast, forecast, odds, refusal
from fanops_utils.models.forecasts.limits import control_limits
from fanops_utils.models.forecasts.reliability import Reliability, reliability
from fanops_utils.models.forecasts.targets import Chance, chances, odds_of, target_weeks
from fanops_utils.models.market.concentration import Earnings, earnings
from fanops_utils.models.market.conversation import Cause, Conversation, cause_of, conversation
from fanops_utils.models.market.demand import Demand, demand_less_supply, topic_demand
from fanops_utils.models.market.formats import format_trend, format_trends, posts_to_read
from fanops_utils.models.market.outlook import Outlook, outlook
from fanops_utils.models.market.penetration import location_quotients, penetration, size_growth
from fanops_utils.models.market.platforms import account_audit, platforms_side_by_side, usual_denominator
from fanops_utils.models.market.preference import interaction_habits, local_preference
from fanops_utils.models.market.split import Split, change_split
from fanops_utils.models.money.claims import ad_costs_or_reason, media_pacing, sales_claims, under_code
from fanops_utils.models.money.marginal import Reallocation, Response, marginal_response
from fanops_utils.models.money.pacing import Pacing, pacing
from fanops_utils.models.money.roi import Roi, campaign_roi, incremental_roi, live_total
from fanops_utils.models.panel.events import event_covariates
from fanops_utils.models.partners.authenticity import authenticity
from fanops_utils.models.partners.contribution import SeriesEffect, buyer_overlap, code_sales, series_effect
from fanops_utils.models.partners.price import Prices, price_for_reach
from fanops_utils.models.partners.rebooking import rebooking
from fanops_utils.models.partners.scorecard import punctuality, scorecard, tier_moves
from fanops_utils.models.partners.settlement import settlement_check, settlement_periods
from fanops_utils.models.partners.value import paid_deliveries, partner_value, tier_costs
from fanops_utils.models.rivals.benchmark import AgainstBenchmark, against_benchmark
from fanops_utils.models.rivals.compared import growth_of_brands, moves, standings
from fanops_utils.models.rivals.growth import AccountGrowth, account_growth
from fanops_utils.models.rivals.posts import answered, cadence, format_shares, rank_rivals, response, top_posts
from fanops_utils.models.rivals.shape import GrowthShape, growth_shape
from fanops_utils.models.rivals.voice import excess_share, negative_shares, weekly_rate, weekly_shares
from fanops_utils.models.simulation.calibration import calibration
from fanops_utils.models.simulation.hard_campaigns import hard_campaigns
from fanops_utils.models.simulation.looks import running_calibration
from fanops_utils.models.simulation.mixes import mixing_calibration
from fanops_utils.models.simulation.own_past import own_past_calibration
from fanops_utils.models.synthetic.control import SyntheticEffect, synthetic_control, synthetic_did
from fanops_utils.models.synthetic.mixing import Mixes, mixed_effects, synthetic_effect
from fanops_utils.models.tone.agreement import between_labellers
from fanops_utils.models.tone.scorers import scorers
