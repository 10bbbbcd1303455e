"""What the figures are called, in Chinese and in English, and what each says."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A figure's name in both languages, and one Chinese sentence and one English that say what it is."""

    zh: str
    en: str
    about: str = ""


FIGURES = {
    "questions": Name("题数", "questions"),
    "fully_right": Name("全对", "fully right", "每个答案要点都说到了 every gold point is stated"),
    "point_recall": Name("要点召回", "point recall", "说到的要点占全部要点 share of the gold points stated"),
    "list_precision": Name("名单精确率", "list precision", "列出的名字有多少该列 share of the listed names that belong"),
    "list_recall": Name("名单召回率", "list recall", "该列的名字列出了多少 share of the gold names listed"),
    "citation_recall": Name("引文召回", "citation recall", "说到的要点有引文为证 share of the stated points that a quote carries"),
    "citation_precision": Name("引文精确", "citation precision", "引文含有答案要点 share of the quotes that carry a gold point"),
    "refusal": Name("该拒已拒", "refusal", "资料没有答案的题，拒答的比例 share refused of what has no answer"),
    "false_refusal": Name("误拒", "false refusal", "资料有答案的题，拒答的比例 share refused of what has an answer"),
    "answer_f1": Name("答案 F1", "answer F1", "整句答案与标准答案按字比 the answer against the gold, by characters"),
    "short_f1": Name("短答案 F1", "short answer F1"),
    "short_em": Name("短答案全同", "short answer EM"),
    "hit@1": Name("首条命中", "hit@1", "第一段就含依据 the first passage found holds the evidence"),
    "hit@5": Name("前五命中", "hit@5"),
    "mrr@10": Name("MRR@10", "mean reciprocal rank"),
    "ndcg@10": Name("nDCG@10", ""),
    "points@1": Name("首条含要点", "points@1", "第一段就含全部要点的字句 the first passage found holds every point's wording"),
    "points@5": Name("前五含要点", "points@5", "前五段合起来含全部要点的字句 the first five hold every point's wording"),
    "brevity_median": Name("答案长度比", "answer / gold length", "答案字数比标准答案字数，中位数 length over the gold's, median"),
    "quote_brevity_median": Name("引文长度比", "quotes / answer length", "引文字数比答案字数，中位数 quotes' length over the answer's, median"),
    "quotes_verbatim": Name("引文逐字相符", "quotes verbatim", "引文与原文所在位置逐字相同 each quote stands at its offsets"),
    "verbatim": Name("引文逐字相符", "quotes verbatim", "引文与原文所在位置逐字相同 each quote stands at its offsets"),
    "brevity": Name("答案长度比", "answer / gold length"),
    "quote_brevity": Name("引文长度比", "quotes / answer length"),
    "right_and_cited": Name("全对且有据", "right and cited", "置信度所预测的事 what confidence predicts"),
    "ms_p50": Name("中位用时", "p50, ms"),
    "ms_p95": Name("95% 用时", "p95, ms"),
    "aurc": Name("风险覆盖面积", "AURC"),
    "auroc": Name("区分力", "AUROC"),
    "brier": Name("Brier 分", "Brier score"),
    "ece": Name("校准误差", "ECE"),
}  # fmt: skip
LOWER_IS_BETTER = frozenset(
    "false_refusal brevity_median quote_brevity_median ms_p50 ms_p95 aurc brier ece brevity quote_brevity".split()
)

REASONS = {
    "unanswered": Name("没有作答", "no answer"),
    "refused": Name("误拒", "falsely refused"),
    "answered": Name("该拒未拒", "should be refused"),
    "points": Name("要点不全", "points missing"),
    "names": Name("名单多余", "names that do not belong"),
    "uncited": Name("缺引文", "not carried by a quote"),
    "verbatim": Name("引文不符", "quote not verbatim"),
}

KINDS = {
    "list": "名单",
    "fact": "事实",
    "number": "数字",
    "definition": "定义",
    "why": "原因",
    "compare": "比较",
    "multi": "多处",
    "company": "公司",
    "followup": "追问",
    "colloquial": "口语",
    "alias": "别名",
    "typo": "错字",
    "traditional": "繁体",
    "english": "英文",
    "unanswerable": "无答案",
    "other": "其他",
    "none": "不限",
}


def figure(name: str) -> Name:
    """A figure's names; one that is not known here keeps its own."""
    return FIGURES.get(name, Name(name.replace("_", " "), ""))


def shown(name: str, value: float | int | None) -> str:
    """A figure as it is read: a share in per cent, a time with one decimal, a ratio with two, a count as it is.

    >>> shown("fully_right", 0.8051), shown("ms_p50", 15.23), shown("questions", 272), shown("refusal", None)
    ('80.5%', '15.2', '272', '–')
    """
    if value is None:
        return "–"
    if name in ("questions", "judged"):
        return str(value)
    if name.startswith("ms_"):
        return f"{value:.1f}"
    if name.startswith(("brevity", "quote_brevity")):
        return f"{value:.2f}"
    if name in ("aurc", "auroc", "brier", "ece"):
        return f"{value:.3f}"
    return f"{value * 100:.1f}%"
