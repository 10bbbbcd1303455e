// The conversation: kept in memory as long as the page is, and sent along with each question.

// The service keeps no session. Twenty turns are more than a follow-up looks back on.
const TURNS_SENT = 20;

function makeConversation() {
  let turns = [];
  let running = null;
  const frame = makeFrame({ asked: (question) => ask(question), stopped: () => running?.abort(), cleared: () => clear() });

  const hello = () => h("p", { class: "hello" }, t("hello"));

  function messages(turn) {
    const before = turns.slice(0, turns.indexOf(turn)).filter((earlier) => earlier.reply).slice(-TURNS_SENT);
    return [
      ...before.flatMap((earlier) => [
        { role: "user", content: earlier.question },
        { role: "assistant", content: earlier.reply.answer },
      ]),
      { role: "user", content: turn.question },
    ];
  }

  function draw(turn, ...content) {
    turn.body.replaceChildren(...content.flat(Infinity).filter(Boolean));
    frame.scrollTo(turn.element);
  }

  const waiting = () => h("p", { class: "waiting" }, t("searching"));

  function failure(turn, error) {
    return h(
      "div",
      { class: "failure" },
      error.name === "AbortError" ? h("p", {}, t("stopped")) : [h("p", {}, h("strong", {}, t("failed"))), h("p", {}, error.message)],
      h("button", { class: "retry", type: "button", onclick: () => run(turn) }, t("retry")),
    );
  }

  async function run(turn) {
    if (running) return null;
    const control = new AbortController();
    running = control;
    frame.busy(true);
    draw(turn, waiting());
    let shown;
    try {
      turn.reply = await askService(messages(turn), control.signal, (text, citations) => draw(turn, prose(text, citations, frame.showEvidence)));
      shown = renderReply(turn.reply, frame.showEvidence);
    } catch (error) {
      shown = failure(turn, error);
    }
    if (running !== control) return null; // a new conversation was begun meanwhile
    draw(turn, shown);
    running = null;
    frame.busy(false);
    return turn.reply;
  }

  function ask(question) {
    if (running) return Promise.resolve(null);
    const body = h("div", { class: "reply" });
    const asked = h("p", { class: "asked" }, h("span", { class: "hidden" }, `${t("you")}：`), question);
    const turn = { question, reply: null, body, element: h("article", { class: "turn" }, asked, body) };
    if (!turns.length) frame.log.replaceChildren();
    turns.push(turn);
    frame.log.append(turn.element);
    return run(turn);
  }

  function clear() {
    running?.abort();
    running = null;
    turns = [];
    frame.busy(false);
    frame.hideEvidence();
    frame.log.replaceChildren(hello());
  }

  clear();
  return { ask, show: frame.show, hide: frame.hide };
}
