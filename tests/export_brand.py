"""A brand with one account on every platform, for tests that read exports of all of them."""

from __future__ import annotations

EVERYWHERE = """name: Demo Brand
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
accounts:
  - {platform: instagram, handle: demo_brand, id: "17841400000000001", market: US}
  - {platform: facebook, handle: demo, id: "100045700000001", market: US}
  - {platform: x, handle: demo_brand, market: US}
  - {platform: linkedin, handle: demo-brand, market: US}
  - {platform: discord, handle: demo-server, id: "212435931766980000"}
  - {platform: tiktok, handle: demo_brand, market: US}
  - {platform: youtube, handle: demo_channel, market: US}
  - {platform: shopify, handle: demo-shop}
  - {platform: web, handle: demo.example}
  - {platform: xiaohongshu, handle: demo_xhs}
  - {platform: douyin, handle: demo_douyin}
  - {platform: wechat, handle: demo_wechat}
  - {platform: line, handle: demo_line, market: US}
  - {platform: twitch, handle: demo_twitch, market: US}
  - {platform: email, handle: newsletter, market: US}
  - {platform: google, handle: demo_ads, market: US}
competitors: [Rival Co]
"""
