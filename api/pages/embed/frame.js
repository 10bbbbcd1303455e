// The frame: the bubble, the dialog, the sheet that shows a citation; opening, closing and where the focus is.

const PHONE = matchMedia("(max-width: 480px), (max-height: 420px)");

/** Everything that is on the page, in a shadow root that the page's styles do not reach. */
function makeFrame({ asked, stopped, cleared }) {
  const title = settings.title ?? t("title");
  const host = document.createElement("suanlian-widget");
  const root = host.attachShadow({ mode: "open" });
  try {
    // A constructed sheet is no inline style, so a page's Content-Security-Policy has nothing to say about it.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h("style", {}, STYLE)); // browsers before 2023
  }

  const log = h("div", { class: "log", role: "log", "aria-label": t("log"), tabindex: "0" });
  const status = h("p", { class: "hidden", role: "status" });
  const input = h("textarea", { rows: "1", "aria-label": t("question"), placeholder: t("placeholder"), enterkeyhint: "send" });
  const send = h("button", { class: "send", type: "submit" });
  const form = h("form", { class: "composer" }, input, send);
  const evidence = h("div", { class: "evidence" });
  const back = iconButton("back", t("back"), () => hideEvidence());
  const cover = h("section", { class: "cover", "aria-label": t("details"), hidden: true }, h("header", {}, back, h("h2", {}, t("details"))), evidence);
  const fresh = iconButton("fresh", t("fresh"), () => (cleared(), input.focus()));
  const close = iconButton("close", t("close"), () => hide());
  const talk = h("div", { class: "talk" }, h("header", {}, h("h2", {}, title), fresh, close), log, form);
  const dialog = h(
    "div",
    { class: "dialog", id: "dialog", role: "dialog", "aria-label": title, hidden: true },
    talk,
    cover,
    status,
  );
  const bubble = iconButton("chat", t("open", { title }), () => show(), "bubble");
  bubble.setAttribute("aria-expanded", "false");
  bubble.setAttribute("aria-controls", "dialog");
  const widget = h("div", { class: settings.left ? "widget left" : "widget", lang: settings.lang === "zh" ? "zh-CN" : "en" }, bubble, dialog);
  if (settings.color) {
    widget.style.setProperty("--accent", settings.color.accent);
    widget.style.setProperty("--on-accent", settings.color.ink);
  }
  root.append(widget);

  let before = null; // what had the focus when it was opened
  let opener = null; // what opened the citation

  function show() {
    if (!dialog.hidden) return;
    before = document.activeElement === host ? bubble : document.activeElement;
    dialog.hidden = false;
    bubble.setAttribute("aria-expanded", "true");
    fit();
    input.focus();
  }

  function hide() {
    if (dialog.hidden) return;
    hideEvidence();
    dialog.hidden = true;
    bubble.setAttribute("aria-expanded", "false");
    const back = before?.isConnected && before !== document.body && before !== document.documentElement ? before : bubble;
    back.focus({ preventScroll: true });
  }

  function showEvidence(shown, from) {
    opener = from;
    cover.querySelector("h2").textContent = shown.quote === undefined ? t("nearby") : t("details");
    evidence.replaceChildren(...renderEvidence(shown).filter(Boolean));
    evidence.scrollTop = 0;
    cover.hidden = false;
    talk.inert = true;
    back.focus();
  }

  function hideEvidence() {
    if (cover.hidden) return;
    cover.hidden = true;
    talk.inert = false;
    (opener?.isConnected ? opener : input).focus();
  }

  /** Shows `element` of the log from its beginning. Only the log moves, never the page around it. */
  const scrollTo = (element) => (log.scrollTop = element.offsetTop - 14);

  /** On a phone it covers the page, so what lies below is nothing to a reader of the screen either. */
  const fit = () => (PHONE.matches ? dialog.setAttribute("aria-modal", "true") : dialog.removeAttribute("aria-modal"));
  PHONE.addEventListener("change", fit);

  function trap(event) {
    const reachable = [...dialog.querySelectorAll("button, textarea, a[href], summary, [tabindex='0']")].filter(
      (element) => !element.disabled && !element.closest("[inert], [hidden]") && element.getClientRects().length,
    );
    const edge = event.shiftKey ? reachable[0] : reachable.at(-1);
    if (root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? reachable.at(-1) : reachable[0]).focus();
  }

  widget.addEventListener("keydown", (event) => {
    event.stopPropagation(); // a page's own keys are not for what is typed here
    if (event.isComposing) return; // Escape and Enter belong to the input method
    if (event.key === "Escape" && !dialog.hidden) {
      event.preventDefault();
      if (cover.hidden) hide();
      else hideEvidence();
    } else if (event.key === "Tab" && !dialog.hidden) trap(event);
  });
  for (const kind of ["keyup", "keypress"]) widget.addEventListener(kind, (event) => event.stopPropagation());

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
  }
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.busy) return stopped();
    const question = input.value.trim();
    if (!question) return;
    input.value = "";
    grow();
    asked(question);
  });

  function busy(is) {
    if (is) form.dataset.busy = "yes";
    else delete form.dataset.busy;
    send.replaceChildren(icon(is ? "stop" : "send"));
    send.setAttribute("aria-label", t(is ? "stop" : "send"));
    send.title = t(is ? "stop" : "send");
    log.setAttribute("aria-busy", String(is)); // the log is read out when it is whole
    status.textContent = is ? t("searching") : "";
  }
  busy(false);

  document.documentElement.append(host); // not the body: some pages write that anew
  return { log, busy, scrollTo, show, hide, showEvidence, hideEvidence };
}
