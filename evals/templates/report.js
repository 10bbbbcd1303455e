// Narrows a list of questions by kind, by what is wrong, and by words. Without it the lists are whole.
for (const form of document.querySelectorAll("form.filter")) {
  const cases = [...document.getElementById(form.dataset.of).children];
  const count = form.querySelector("output");
  const narrow = () => {
    const { kind, reason, words } = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const each of cases) {
      const fits =
        (!kind || each.dataset.kind === kind) &&
        (!reason || each.dataset.reasons.split(" ").includes(reason)) &&
        (!words.trim() || each.textContent.toLowerCase().includes(words.trim().toLowerCase()));
      each.hidden = !fits;
      shown += fits;
    }
    count.value = `${shown} / ${cases.length}`;
  };
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").addEventListener("click", () => {
    const some = cases.some((each) => !each.hidden && !each.open);
    for (const each of cases) if (!each.hidden) each.open = some;
  });
  form.hidden = false;
  narrow();
}
