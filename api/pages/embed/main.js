// The one name that it leaves on the page: Suanlian.open(), Suanlian.close(), Suanlian.ask(text).

if (!window.Suanlian) {
  const conversation = makeConversation();
  const api = {
    /** Opens the chat. */
    open: () => conversation.show(),
    /** Closes it; the conversation stays. */
    close: () => conversation.hide(),
    /** Opens the chat and asks; gives the service's reply, or null where there is none (an error, a question still running). */
    ask: (text) => {
      conversation.show();
      const question = String(text ?? "").trim();
      return question ? conversation.ask(question) : Promise.resolve(null);
    },
  };
  Object.defineProperty(window, "Suanlian", { value: Object.freeze(api), configurable: true });
  document.dispatchEvent(new CustomEvent("suanlian:ready"));
}
