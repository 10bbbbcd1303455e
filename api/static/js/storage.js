// What the page remembers. Storage may be switched off; then it remembers nothing.

const read = (store, name) => {
  try {
    return window[store].getItem(name);
  } catch {
    return null;
  }
};

const write = (store, name, value) => {
  try {
    if (value) window[store].setItem(name, value);
    else window[store].removeItem(name);
  } catch {
    // Nothing to do: it holds for this visit only.
  }
};

export const remembered = (name) => read("localStorage", name);
export const remember = (name, value) => write("localStorage", name, value);

// A key lives as long as its tab.
export const heldKey = () => read("sessionStorage", "key") ?? "";
export const holdKey = (key) => write("sessionStorage", "key", key);
