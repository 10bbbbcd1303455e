"""Ask from asynchronous code: the work leaves the event loop, many questions at once.

python examples/async_in_process.py [QUESTION…]
"""

import asyncio
import sys

from suanlian import Assistant


async def main(questions: list[str]) -> None:
    assistant = Assistant.open()

    answers = await asyncio.gather(*(assistant.aask(question) for question in questions))
    for answer in answers:
        print(answer.question, "→", answer.text)

    # Leaving the loop early, or cancelling the task, stops what has not begun.
    async for event in assistant.astream(questions[0]):
        if event.name == "delta":
            print("→", event.data["text"])

    for found in await assistant.asearch(questions[0], top_k=3):
        print(f"{found.score:.2f}", found.document.title, " › ".join(found.section))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ["谁生产快速接头", "台达电子的市占率是多少"]))
