// The browser's storage. It may be full, or forbidden by its settings, and then even asking for it throws: what cannot be kept there is kept
// as long as the page is.
function shelf(open) {
  const unkept = new Map();
  return {
    get(key) {
      if (unkept.has(key)) return unkept.get(key);
      try {
        return JSON.parse(open().getItem(key));
      } catch {
        return null;
      }
    },

    // Null takes the key away. False: it will not outlive the page.
    set(key, value) {
      try {
        if (value === null) open().removeItem(key);
        else open().setItem(key, JSON.stringify(value));
        unkept.delete(key);
        return true;
      } catch {
        unkept.set(key, value);
        return false;
      }
    },
  };
}

export const local = shelf(() => localStorage);

// Of this tab alone.
export const session = shelf(() => sessionStorage);
