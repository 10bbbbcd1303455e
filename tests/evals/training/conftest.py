"""Small articles whose questions can be learned from."""

from __future__ import annotations

import json

import pytest

from evals.benchmarks.squad import half_of
from evals.training.examples import Example, squad_examples
from rag import Settings

TOWNS = "柳溪镇 白沙镇 石桥镇 松坪镇 枫林镇 竹山镇 沙河镇 龙泉镇 清水镇 长岭镇 双塔镇 金沟镇".split()
MAKERS = "王大山 李文石 张松年 陈柳青 刘长河 赵林木 周海平 吴一舟 郑秋实 孙南星 马远川 高云起".split()


def article(key: str, number: int) -> dict[str, object]:
    """A mill: who built it, where it stands, and when."""
    town, maker, year = TOWNS[number], MAKERS[number], f"{1801 + 7 * number}年"
    text = f"第{number}号水车由{maker}在{year}建造。第{number}号水车位于{town}，是木头的。附近的人都去看热闹。"
    asked = [
        (f"第{number}号水车由谁建造？", maker),
        (f"第{number}号水车位于哪里？", town),
        (f"第{number}号水车建于哪一年？", year),
    ]
    qas = [
        {"id": f"{key}-{at}", "question": question, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
        for at, (question, answer) in enumerate(asked)
    ]
    return {"id": key, "title": "", "paragraphs": [{"id": f"{key}-1", "context": text, "qas": qas}]}


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """What the library finds to learn from in them."""
    folder = tmp_path_factory.mktemp("training")
    keys = [key for key in (f"mill{n}" for n in range(100)) if half_of(key) == "tune"][: len(TOWNS)]
    path = folder / "mills.json"
    data = {"data": [article(key, number) for number, key in enumerate(keys)]}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    found, asked = squad_examples(path, Settings(model="hash", model_dir=folder))
    assert asked == 3 * len(TOWNS)
    return found
