"""What captions are about: topics by tag and by the team's words, and words that occur together beside them."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Ranking, WordGroups
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    Number,
    Percent,
    Sentences,
    Signed,
    Unit,
    Written,
    say,
    say_n,
    term,
)

MARKS: dict[str, Message] = {
    "above": term("above average", "reading of words"),
    "below": term("below average", "reading of words"),
    "average": term("about average", "reading of words"),
    "": term("too few posts", "reading of words"),
}


def talked_of(posts: pd.DataFrame, groups: WordGroups, ranking: Ranking) -> Section:
    """Return how topics are known and which words go together (`models.with_topics_by_words`, `word_groups`, and
    `rank_posts` over the groups): only groups past the gate, named by nobody but their words."""
    if posts.empty:
        return Section.of(Finding.nothing("talked_of", say("no post to read a caption of")))
    told = posts["topic"].notna()
    by_words = posts["topic_by"].eq("words")
    share = float(told.mean())
    code = groups.code if told.any() else "untold"
    title = (
        say("{share} of the posts have a topic, by tag or by the team's words", share=Percent(share, 0))
        if told.any()
        else say("No post has a topic: nobody tagged one, and no keyword list fits")
    )
    finding = Finding(
        id="talked_of",
        label=term("Posts with a topic", "label of a finding"),
        code=code,
        weight="row",
        title=title,
        text=Sentences.of(
            say_n(
                "{n} post got its topic from the words of topics.yml.",
                "{n} posts got their topic from the words of topics.yml.",
                n=int(by_words.sum()),
            )
            if by_words.any()
            else None,
            _groups(groups),
            say(
                "Write keyword lists into topics.yml: words that occur together are no topic until somebody names them."
            )
            if share < 0.8
            else None,
        ),
        estimate=share,
        unit=Unit("share", term("of the posts", "unit")),
        n=len(posts),
        method=say(
            "Tags first, then keyword lists. Beside them groups of words (NMF on TF-IDF, Chinese words by rjieba), made from half "
            "of the captions and kept only where their words stand together in the other half more than in any of 24 "
            "drawings with the words shuffled. Interactions of a group: regression as for the rankings."
        ),
    )
    return Section.of(finding, _listed(groups, ranking) if len(groups.table) else None)


def _groups(groups: WordGroups) -> Message:
    if groups.code == "few":
        return say(
            "{n} captions with words are too few to look for words that occur together: 200 are needed.", n=groups.n
        )
    if groups.code == "few_words":
        return say("The captions share too few words to look for words that occur together.")
    if groups.code == "none":
        return say("No group of words stands together more than shuffled words do: none is shown.")
    return say_n(
        "{n} of {tried} groups of words stands together beyond chance.",
        "{n} of {tried} groups of words stand together beyond chance.",
        n=len(groups.table),
        tried=groups.tried,
    )


def _listed(groups: WordGroups, ranking: Ranking) -> charts.Table:
    columns = {
        "said": term("Words that occur together", "column"),
        "n": term("Posts", "column"),
        "share": term("Share of posts", "column"),
        "coherence": term("Together, of 1", "column"),
        "estimate": term("Earns", "column"),
        "reading": term("Reading", "column"),
    }
    earned = ranking.table.set_index(ranking.cell) if len(ranking.table) else pd.DataFrame(columns=["estimate", "mark"])
    earned = earned.reindex([str(one) for one in groups.table["group"]])
    shown = groups.table.assign(
        said=cells(Listed.of(Written(word) for word in words) for words in groups.table["words"]),
        estimate=earned["estimate"].to_numpy(float),
        reading=cells(MARKS[str(one) if pd.notna(one) else ""] for one in earned["mark"]),
    )
    forms = {"n": Count, "share": Percent, "coherence": Number, "estimate": Signed}
    caption = say(
        "Groups past the gate; what they earn is against the average of the groups, at equal reach and format"
    )
    return charts.table(shown, columns=columns, formats=forms, caption=caption)
