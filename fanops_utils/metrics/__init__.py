"""Metrics that only count and divide: engagement, growth, retention, share, each with its interval; their catalogue.

What is imported here is what notebooks and sections call.
"""

from fanops_utils.metrics.catalogue.comparing import compare
from fanops_utils.metrics.catalogue.registry import known_as, metric
from fanops_utils.metrics.catalogue.series import MetricSeries, series
from fanops_utils.metrics.catalogue.together import lookup, measured, together, whole_weeks
from fanops_utils.metrics.catalogue.tree import reconciled
from fanops_utils.metrics.change import Change, change, judged_together
from fanops_utils.metrics.figures import followers_of, market_changes, member_changes, shop_changes
from fanops_utils.metrics.intervals import Interval, mean_t, median_bootstrap, p_text, ratio_of_sums, wilson
from fanops_utils.metrics.members.activity import member_activity
from fanops_utils.metrics.members.audience import campaign_audience, stayed
from fanops_utils.metrics.members.buyers import newcomers
from fanops_utils.metrics.members.hours import busy_hours, hours_of, hours_together
from fanops_utils.metrics.members.places import against_base, places_against_orders
from fanops_utils.metrics.members.retention import retention, retention_curve
from fanops_utils.metrics.members.sorting import (
    fair_places,
    match_rates,
    places_by,
    rfme,
    tag_changes,
    tag_sizes,
    tagged,
    visits_known,
)
from fanops_utils.metrics.members.standing import (
    composition,
    member_spend,
    personas,
    rewards_beside,
    rewards_by,
    value_by,
)
from fanops_utils.metrics.members.taking import things_taken, ways_and_groups
from fanops_utils.metrics.money.attribution import claim_band, code_orders, link_visits, side_by_side, survey_share
from fanops_utils.metrics.money.costs import (
    AdCosts,
    ad_costs,
    budget_shares,
    cost_lines,
    cost_per,
    cost_per_extra,
    one_currency,
)
from fanops_utils.metrics.money.full_cost import FullCost, full_cost
from fanops_utils.metrics.money.functions import booked_days, cost_by_function, spend_by_week
from fanops_utils.metrics.money.lines import budget_course
from fanops_utils.metrics.money.paying_back import against_cost, earned_by_month, in_one_currency
from fanops_utils.metrics.money.points import PointsOwed, points_by_month, points_owed, used_share
from fanops_utils.metrics.money.repurchase import repurchase
from fanops_utils.metrics.money.roas import roas
from fanops_utils.metrics.money.social_sales import code_sales, paid_by_code, social_rules
from fanops_utils.metrics.money.subscriptions import (
    plan_moves,
    plan_standing,
    renewals,
    renewals_by_term,
    subscription_lives,
    trial_conversion,
)
from fanops_utils.metrics.money.winning import NextCustomer, cost_rows, new_customers, next_customer, winning_costs
from fanops_utils.metrics.social.engagement import EngagementRate, by_group, engagement_rate, interactions
from fanops_utils.metrics.social.growth import Growth, growth_by, growth_rate
from fanops_utils.metrics.social.output import (
    against_stage,
    calendar_kept,
    live_compared,
    live_sessions,
    origins,
    user_share,
)
from fanops_utils.metrics.social.share import share_of_voice, weekly_negative
from fanops_utils.metrics.social.tone import tone, tone_windows
from fanops_utils.metrics.social.voices import Voices, voices
from fanops_utils.metrics.social.watched import answers_to_negatives, drivers, watched_days, watched_hours
from fanops_utils.metrics.targets import against_band, target_table
