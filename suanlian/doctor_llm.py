"""What ``suanlian doctor`` says of the language model: whether one is set, whether it answers, and if not, what to mend."""

from __future__ import annotations

import time
from typing import Final

from rag import LanguageModelError, Settings, SuanlianError
from rag.llm.build import language_model, proxy_of

# A first word takes a second or two; whoever waits for a doctor waits no longer than this.
SECONDS: Final = 15.0
_ASKED: Final = "请只回答一个字：好"


def look_at_language_model(settings: Settings, *, seconds: float = SECONDS) -> tuple[bool, str]:
    """Whether it is well, and a sentence: its name, where it is, and the time of a tiny call; or what is wrong.

    None set is well: answers are then made of the material's own statements. The one call is made once, is waited for
    ``seconds`` at the most, and is closed at its first word.
    """
    if not settings.llm_model:
        default = Settings.model_fields["llm_provider"].default
        left = [name for name in ("llm_base_url", "llm_api_key") if settings.model_dump()[name]]
        left += ["llm_provider"] * (settings.llm_provider != default)
        if left:
            given = ", ".join(f"RAG_{name.upper()}" for name in left)
            return (
                False,
                f"没有设置 RAG_LLM_MODEL，{given} 不起作用。 / {given} is set without RAG_LLM_MODEL; set it too.",
            )
        return True, "none set (RAG_LLM_MODEL); answers are made of the material's own statements"
    try:
        # One call, as it is: no second try that hides the trouble, and a connection that gives up in time.
        model = language_model(settings.model_copy(update={"llm_retries": 0, "llm_seconds": seconds}))
        assert model is not None
        start = time.perf_counter()
        with model.write([("user", _ASKED)]) as writing:
            next(writing, "")
        took = round((time.perf_counter() - start) * 1000)
    except LanguageModelError as error:
        if error.reason == "late":
            en, zh = f"did not write a word in {seconds:g} s", f"{seconds:g} 秒内没有回答"
            return False, f"{zh}：{error.zh} / It {en}: {error.en}"
        return False, f"{error.zh} / {error.en}"
    except SuanlianError as error:
        return False, f"{error.zh} / {error.en}"
    proxy = proxy_of(settings.llm_base_url)
    return (
        True,
        f"{model.name} at {model.address}{f', by the proxy {proxy}' if proxy else ''}, first word after {took} ms",
    )
