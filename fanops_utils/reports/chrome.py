"""The frame around a report and its index: the few words of the page, its script and its styles."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from fanops_utils.charts.theme import CSS_VARIABLES
from fanops_utils.errors import ParameterError
from fanops_utils.playbook import checks, findings

TEMPLATES = Path(__file__).parent / "templates"
UNFINISHED = ("failed", "timed_out", "kernel_died", "truncated", "cancelled")
STATUS_ICON = {"succeeded": "✓", "cached": "✓", "no_data": "○", "skipped": "–", **dict.fromkeys(UNFINISHED, "✕")}

WORDS = {
    "action": ("What to do", "行动"),
    "age": ("{days} d old", "{days} 天前"),
    "all": ("All", "全部"),
    "because": ("Because", "依据"),
    "chart": ("Chart", "图表"),
    "checks": ("Can the numbers be trusted?", "这些数字可信吗？"),
    "code": ("Code", "代码"),
    "contents": ("Contents", "目录"),
    "count": ("{shown} of {total} reports shown", "显示 {shown} / {total} 份报告"),
    "dark": ("Dark", "深色"),
    "data": ("Data of the chart", "图表数据"),
    "data_as_of": ("Data as of", "数据截至"),
    "decisions": ("What needs a decision", "需要决定的事项"),
    "duration": ("Duration", "用时"),
    "error_cancelled": ("The run was cancelled before this report was finished.", "运行被取消，这份报告没有完成。"),
    "error_failed": ("A cell of the notebook raised an error.", "笔记本中的一个单元格出错。"),
    "error_kernel_died": ("The process that ran this report died.", "运行这份报告的进程意外终止。"),
    "error_timed_out": ("The report took longer than allowed and was stopped.", "这份报告超过时限，已被停止。"),
    "error_truncated": (
        "This report has no conclusion: the notebook ended before its result. What ran is shown below.",
        "这份报告没有结论：笔记本在得出结果之前就结束了。已运行的部分见下文。",
    ),
    "expected": ("Expected size", "预期幅度"),
    "filters": ("Filters", "筛选"),
    "fold": ("{count} more", "另有 {count} 项"),
    "home": ("All reports", "全部报告"),
    "market": ("Market", "市场"),
    "metric": ("Metric to move", "目标指标"),
    "more_rows": ("{count} more rows not shown", "另有 {count} 行未显示"),
    "no_decisions": ("Nothing: no report raised an alert, a watch or a play.", "没有：没有报告提出警报、关注或行动。"),
    "no_match": ("No report matches. Clear the search or the filters.", "没有匹配的报告。请清除搜索或筛选条件。"),
    "no_reports": ("This run has no reports.", "本次运行没有报告。"),
    "no_verdict": (
        "This report has no conclusion: the notebook holds no result.",
        "这份报告没有结论：笔记本中没有结果。",
    ),
    "notebook": ("Notebook", "笔记本"),
    "other_topic": ("Other", "其他"),
    "owner": ("Owner", "负责人"),
    "parameters": ("Parameters", "参数"),
    "plan": ("Plan", "计划"),
    "plays": ("Findings and plays", "发现与行动"),
    "provenance": ("Definitions and provenance", "定义与来源"),
    "reports": ("All reports", "全部报告"),
    "review": ("Review on", "复查日期"),
    "run": ("Run", "运行"),
    "run_date": ("Run date", "运行日期"),
    "search": ("Search reports", "搜索报告"),
    "severity": ("Severity", "级别"),
    "show_code": ("Show code", "显示代码"),
    "skip": ("Skip to content", "跳到正文"),
    "status": ("Status", "状态"),
    "stopped": ("Stopped in", "停止于"),
    "topic": ("Topic", "主题"),
    "traceback": ("Traceback, last lines", "错误回溯（最后几行）"),
    "trust": ("Checks", "检查"),
    "unfinished": ("Did not finish", "未完成"),
    "versions": ("Versions and sources", "版本与来源"),
    "workspace": ("Workspace", "工作区"),
    "severity_alert": ("alert", "警报"),
    "severity_watch": ("watch", "关注"),
    "severity_good": ("good", "良好"),
    "severity_info": ("info", "信息"),
    "status_succeeded": ("succeeded", "成功"),
    "status_cached": ("unchanged", "未变"),
    "status_no_data": ("no data", "无数据"),
    "status_skipped": ("skipped", "已跳过"),
    "status_failed": ("failed", "失败"),
    "status_timed_out": ("timed out", "超时"),
    "status_kernel_died": ("process died", "进程终止"),
    "status_truncated": ("truncated", "不完整"),
    "status_cancelled": ("cancelled", "已取消"),
    "topic_research": ("Research", "研究"),
    "topic_experiments": ("Experiments", "实验"),
    "topic_campaigns": ("Campaigns", "活动"),
    "topic_monitoring": ("Monitoring", "监测"),
    "topic_playbooks": ("Playbooks", "行动手册"),
}
LANGUAGES = ("en", "zh-Hans")


def words(language: str) -> dict[str, str]:
    """Return the page's words in *language*; raise ParameterError where there are none.

    >>> words("zh-Hans")["contents"]
    '目录'
    """
    if language not in LANGUAGES:
        raise ParameterError("the page has no words in this language", value=language, choices=LANGUAGES)
    return {name: pair[LANGUAGES.index(language)] for name, pair in WORDS.items()}


def frame(language: str, *, scripts: tuple[str, ...], styles: tuple[str, ...]) -> dict[str, Any]:
    """Return what the templates need beyond content: words, icons, script with its CSP hash, styles, colours."""
    script = "\n".join(_read(name) for name in scripts)
    return {
        "language": language,
        "words": words(language),
        "severity_icon": findings.ICON,
        "trust_icon": checks.ICON,
        "status_icon": STATUS_ICON,
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": b64encode(sha256(script.encode()).digest()).decode(),
        "style": Markup("\n".join(_read(name) for name in styles)),  # noqa: S704 - our own files
        "colours": {name.removeprefix("var(").removesuffix(")"): colour for colour, name in CSS_VARIABLES.items()},
    }


def duration(seconds: float) -> str:
    """Return *seconds* as a reader says it.

    >>> duration(7.4), duration(135)
    ('7 s', '2 min 15 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _read(name: str) -> str:
    return (TEMPLATES / "fanops" / name).read_text(encoding="utf-8").strip()
