"""Messages that are no question about the material: greetings, tasks, orders to ignore the rules, nothing at all.

Half an answer from the material would be worse than none, so these never reach the search.
"""

from __future__ import annotations

import re

from rag.text.normalize import folded

# Taken off both ends of a message before it is looked at: 你好，请问… is a question.
_COURTESY = re.compile(
    r"^(?:(?:你好|您好|嗨|哈喽|hello|hi|hey|早上好|上午好|下午好|晚上好|早安|大家好|在吗|在不在|打扰一?下?了?|不好意思|谢谢|请问|麻烦)(?:呀|啊|哈|了|你|您)?[\s,，。!！~～?？、]*)+"
)
_MARKS = r"[\s,，。.!！~～?？、…]*"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "thanks",
        r"(?:好的?|嗯+|哦+|行|可以|ok|okay)?[\s,，]*(?:非常|太|多)?(?:感谢|谢谢|谢了|多谢|辛苦了?|thanks?(?: you)?(?: very much| a lot)?)(?:你|您|啦|了|大家|[你您]的(?:回答|帮助))*",
    ),
    (
        "small talk",
        r"(?:好的?|嗯+|哦+|行吧?|可以|知道了|明白了?|懂了|了解了?|收到|没事了?|没有了|不用了?|再见|拜拜|晚安|哈+|呵+|ok|okay|bye|goodbye|666+|(?:你)?真?(?:棒|厉害|聪明)|你?(?:真|太|很)?(?:笨|差劲))(?:的|了|啦|吧|呀|哦|，|,)*",
    ),
    (
        "small talk",
        r"(?:那)?(?:请问)?(?:你|您)(?:到底)?(?:是|叫)(?:谁|什么|啥|哪位|机器人|人|真人|ai|人工智能|什么(?:模型|名字|东西|ai|大?模型|机器人)|哪家的?.{0,8}|chatgpt|gpt)(?:啊|呀|呢|吗|做的|开发的)*|(?:你|您)(?:能|会|可以)(?:做|干|帮我做|帮我干|帮我|回答)?(?:什么|啥|哪些(?:事|问题)?|做什么)(?:事|事情|呢|啊)*|(?:你|您)(?:有什么(?:用|功能|本事)|怎么用|的名字(?:是什么)?|几岁了?|多大了?|吃(?:饭)?了?(?:吗|没)?|好吗|在(?:吗|干嘛|干什么))|介绍一?下?(?:你|您)?自己|自我介绍(?:一下)?|who are you|what are you|what(?:'s| is) your name|what can you do|how are you|are you (?:a )?(?:human|robot|ai|bot|chatgpt)",
    ),
    (
        "no content",
        r"(?:请|你|麻烦你?)?(?:帮|替|给)?(?:我|忙)?(?:查|找|看|问|搜|搜索|介绍|说明|解释|回答|讲讲|说说|告诉我|分析|总结|帮我|帮忙|帮个忙)(?:查|找|看|问)?(?:一|个)*(?:下|点|些)*(?:东西|问题|资料|信息|内容|吧|呗|呢|好吗|可以吗)*|(?:我)?(?:想|要)?(?:请教|问|咨询)(?:你|您)?(?:一?(?:下|个)|几个|些)*(?:问题|事|事情)?(?:吗|可以吗|行吗)?|有(?:个|一个)?问题(?:想?(?:问|请教)(?:你|您|一下)?)?|问题|测试(?:一下)?|试试|test(?:ing)?|help(?: me)?|为什么|什么|怎么办|啥|\?+",
    ),
)
_WHOLE = tuple((kind, re.compile(rf"{_MARKS}(?:{pattern}){_MARKS}")) for kind, pattern in _PATTERNS)
_RULES = re.compile(
    r"(?:忽略|无视|忘(?:记|掉)|不(?:要|用|必)(?:管|理会|遵守|遵循|受)|绕过|跳过|抛开|突破|解除).{0,12}(?:指令|规则|设定|限制|提示词|要求|约束|资料|文档|内容限制|指示)|"
    r"系统提示词?|(?:你的|初始|隐藏的?)(?:提示词|指令|设定|prompt)|system prompt|(?:ignore|disregard|forget) .{0,24}(?:instructions?|rules?|prompts?|documents?)|"
    r"(?:不(?:看|用|参考|依据|根据)|别(?:看|管|参考)|脱离)(?:这些|任何|那些)?(?:资料|文档|材料|原文).{0,12}(?:回答|说|讲|告诉|知识|常识)|(?:凭|用|根据)(?:你)?(?:自己)?的?(?:常识|想象|自己的?知识|训练数据).{0,6}(?:回答|说|讲)|"
    r"(?:请你?|你来?|来)(?:假装|扮演)|从现在(?:开始|起),?你(?:就)?是|你现在(?:就)?是|(?:随便|给我|帮我)?编(?:一|个|造|几)+(?:个|段|条|份)?(?:答案|数据|数字|故事)"
)
_TASK = re.compile(
    r"(?:写|作|来|编|创作|生成)(?:一|两|几)?(?:首|篇|段|封|份|个|副|则)+.{0,16}(?:诗|词|歌|歌词|作文|文章|小说|故事|笑话|邮件|代码|程序|脚本|文案|广告语|对联|情书|稿子?|演讲稿|检讨|总结|报告|论文|周报|简历)|(?:讲|说)(?:一|两|几)?个.{0,6}(?:笑话|故事)|"
    r"(?:翻译|译)(?:成|为|一下)|唱(?:一)?首|画(?:一|个|张|幅)|帮我(?:写|画|订|买|算|翻译|做(?:一|个)?(?:ppt|表))|陪我(?:聊|玩)|聊聊天|讲个笑话|"
    r"(?:write|compose) (?:me )?(?:a|an|some) .{0,16}(?:poem|song|story|essay|email|code|joke)|tell me a (?:joke|story)|translate (?:this|the)"
)
_ELSEWHERE = re.compile(
    r"^(?:请问)?(?:今天|明天|后天|现在|这两天|最近|今晚|周末|外面)?.{0,6}(?:天气|气温)(?:怎么样|如何|好吗|预报|咋样|多少度?|是?什么样?)*(?:啊|呀|呢)?$|^(?:今天|明天|后天|昨天|现在)(?:是)?(?:几号|星期几|周几|几点(?:了|钟)?|礼拜几|什么日子|什么节日?|多少号)(?:了|啊|呀)*$|^现在(?:是)?几点|^what(?:'s| is) the (?:weather|time|date)\b|^how is the weather"
)
_SUM = re.compile(r"^[\d\s+\-*/×÷()=.]+(?:等于(?:几|多少)|是多少|=)?$")
_MATERIAL = r"(?:(?:这|那|本|该|上述|以上)(?:篇|份|些|个|批|本|几篇|几份)?|你的?|你们的?|您的?|目前|现在|库里的?|收录的?|引用的?|参考的?|所有的?|全部的?)"
_DOCUMENTS = r"(?:文章|文档|资料|材料|文件|报道|知识库|语料|原文|数据库|资料库|信息源|信息来源|数据来源|参考资料)"
_ABOUT = re.compile(
    rf"^(?:请问)?{_MATERIAL}?{_DOCUMENTS}(?:里|里面|中)?的?(?:最后|最近|最新)?(?:(?:是|由)?(?:谁|哪个人|哪位|什么人|哪家(?:机构|公司|媒体)?)(?:写|编|发布|发表|整理|提供|做|撰写)?的?|(?:的)?(?:作者|来源|出处|标题|题目|发布时间|发表时间|日期|更新时间|编者|出版(?:社|时间)|链接|网址)(?:是|有|在)?(?:谁|什么(?:时候)?|哪里|哪些|哪天|多少|哪儿)?|(?:是|在)?(?:什么时候|哪天|哪一?年|几号|几月|何时|多久(?:以前)?)(?:的|写的?|发布的?|发表的?|更新的?|整理的?|收录的?)?|(?:都)?(?:来自|出自|源于|是从)(?:哪里|哪儿|哪些?.{0, 6}|什么.{0, 4})(?:来的)?|(?:一共|总共)?(?:有|包括|收录了?)(?:多少|几|哪些|什么)(?:篇|份|个|种)?(?:文章|文档|资料|内容)?|(?:多少|几)(?:篇|份|个)|可靠吗|可信吗|准确吗|(?:更新|发布|发表)(?:时间|日期|于何时|到什么时候|到哪天)?(?:是)?(?:什么时候|哪天|何时)?(?:的)?(?:了)?)(?:了|呢|啊|呀|吗)?$|"
    rf"^(?:请问)?(?:都|一共|总共|你|你们|这里|库里|目前|现在)*(?:有|收录了?|包含|包括)(?:哪些|什么|多少|几)(?:篇|份|个|种)?{_DOCUMENTS}(?:呢|啊|可以查)?$|"
    r"^(?:who wrote (?:this|the) (?:article|document|material|text)|when was (?:this|the) (?:article|document|material|text) (?:published|written)|(?:what|which|how many) documents (?:are there|do you have|have you).*)$"
)
_LONGEST = 100  # characters of what is no question
_END = " ,，。.!！~～?？、…"


def chat_kind(text: str) -> str | None:
    """What a message is where it asks nothing of the material, as :data:`rag.text.wording.CHAT` names it; else None.

    >>> chat_kind("你好！"), chat_kind("写一首关于春天的诗"), chat_kind("你好，请问揉捻机由谁生产")
    ('small talk', 'task', None)
    """
    plain = folded(text).strip()
    if _RULES.search(plain):
        return "rules"
    if len(plain) > _LONGEST:
        return None
    asked = _COURTESY.sub("", plain).strip(_END)
    if not asked:
        return "thanks" if "谢" in plain else "small talk"
    for kind, pattern in _WHOLE:
        if pattern.fullmatch(asked) or pattern.fullmatch(plain):
            return kind
    if _TASK.search(asked) or _ELSEWHERE.search(asked) or _SUM.fullmatch(asked):
        return "task"
    return "about the material" if _ABOUT.search(asked) else None
