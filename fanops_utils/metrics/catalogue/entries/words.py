"""What metrics count and are divided by: each thing one term, so that equal definitions read alike."""

from __future__ import annotations

from fanops_utils.text import Unit, say, term

FOLLOWERS = term("followers", "counted")
GAINED = term("new followers", "counted")
LOST = term("followers lost", "counted")
IMPRESSIONS = term("impressions", "counted")
VIEWS = term("views", "counted")
REACH = term("accounts reached", "counted")
INTERACTIONS = term("interactions (likes, comments, shares, saves)", "counted")
POSTS = term("posts", "counted")
LINK_CLICKS = term("clicks on a link", "counted")
MENTIONS = term("mentions of the brand", "counted")
LABELLED = term("mentions of the brand whose tone is known", "counted")
NEGATIVE = term("negative mentions", "counted")
POSITIVE = term("positive mentions", "counted")
MEMBERS = term("members who joined by that day", "counted")
ORDERS = term("orders that were not cancelled", "counted")
REVENUE = term("value of orders before shipping and taxes", "counted")
SESSIONS = term("visits of the site", "counted")
SPEND = term("money spent on advertising", "counted")
AD_IMPRESSIONS = term("impressions of advertisements", "counted")
AD_CLICKS = term("clicks on the link of advertisements", "counted")
CONVERSIONS = term("conversions the platform credits to the advertisement", "counted")

COUNT = Unit("count")
SHARE = Unit("share")
CHANGE = Unit("change")
POINTS = Unit("difference")
NUMBER = Unit("number")
MONEY = Unit("money")
TIMES = Unit("times")
SECONDS = Unit("number", say("seconds"))
