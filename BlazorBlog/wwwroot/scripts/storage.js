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

// What is typed and not yet sent, by the post that it belongs to.
const path = form => new URL(form.action).pathname;
const editKey = (form, id) => `edit:${path(form)}:${id}`;
const editingKey = form => `editing:${path(form)}`;

export const person = () => local.get("commenter") ?? {};
export const keepPerson = ({ Name, Email }) => local.set("commenter", { Name, Email });

export const draftOf = form => local.get(`draft:${path(form)}`) ?? {};
export const keepDraftOf = (form, draft) => local.set(`draft:${path(form)}`, draft);

// A comment that is being changed has a draft of its own, and the one that was begun before waits.
export const editOf = (form, id) => local.get(editKey(form, id)) ?? {};
export const keepEditOf = (form, id, edit) => local.set(editKey(form, id), edit);

// Of this tab alone: another one may be writing something else.
export const editedIn = form => session.get(editingKey(form));
export const keepEditedIn = (form, id) => session.set(editingKey(form), id);
