"""`topics.yml`: the team's topics, each with the words by which a caption is told to be about it."""

from __future__ import annotations

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording


class TopicWords(Register):
    """One topic and the words that tell it; a list may hold for some markets only."""

    id: str = Field(min_length=1, description="as reports and tags of posts (content_tags) call it")
    name: Wording | None = Field(default=None, description="how the team calls it")
    words: tuple[str, ...] = Field(
        min_length=1,
        description="any of them in a caption or among its hashtags tells the topic; whole words, capitals or not",
    )
    markets: tuple[str, ...] = Field(default=(), description="markets whose captions are read by it; left out: all")


class Topics(Register):
    """`topics.yml`: keyword lists, in order: the first topic one of whose words a caption holds is its topic."""

    topics: tuple[TopicWords, ...] = ()

    @model_validator(mode="after")
    def _said(self) -> Topics:
        for one in self.topics:
            if any(not word.strip() for word in one.words):
                raise ValueError(say("the topic '{id}' has an empty word: every caption would be about it", id=one.id))
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        return tuple(dict.fromkeys(code for one in self.topics for code in one.markets))
