// What the page remembers. Storage may be switched off or full; then it remembers nothing.

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
    return true;
  } catch {
    return false; // it holds for this visit only
  }
};

export const remembered = (name) => read("localStorage", name);
export const remember = (name, value) => write("localStorage", name, value);

// What lives as long as its tab: the key, the conversation, the collection.
export const held = (name) => read("sessionStorage", name);
export const hold = (name, value) => write("sessionStorage", name, value);

export const heldKey = () => held("key") ?? "";
export const holdKey = (key) => hold("key", key);
