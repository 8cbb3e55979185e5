// A page that has to be loaded again comes back as it was: what was typed, the focus, closed branches, and what was read at its place.
import { idOfCard, isInView } from "./dom.js";
import { isLive, show } from "./circuit.js";
import { closeBranches, closedBranches, restore } from "./continuity.js";
import { session } from "./storage.js";
import { reading } from "./stillness.js";

const fields = ["Name", "Email", "Body"];
const place = element => element && { id: element.id, top: element.getBoundingClientRect().top };

// Somebody who is signed in has neither name nor address to fill in.
const fieldsOf = form => fields.map(name => form?.elements.namedItem(name)).filter(Boolean);

// Where the page was read, until the thread shows it again.
let landing = null;

// False: the browser keeps nothing, and what was typed would be lost.
export function keepPlace() {
  const focused = document.activeElement;
  const form = document.getElementById("comment-form");
  return session.set("place", {
    path: location.pathname,
    top: scrollY,
    focused: focused?.id,
    read: place(focused?.id && isInView(focused) ? focused : reading()),
    closed: closedBranches(),
    range: "selectionStart" in (focused ?? {}) ? [focused.selectionStart, focused.selectionEnd] : null,
    typed: Object.fromEntries(fieldsOf(form).map(field => [field.name, field.value])),
    notify: form?.elements.namedItem("NotifyReplies")?.checked,
  });
}

export function returnToPlace() {
  const before = session.get("place");
  session.set("place", null);
  if (before?.path !== location.pathname) return;
  const form = document.getElementById("comment-form");
  for (const field of fieldsOf(form)) field.value = before.typed[field.name] ?? field.value;
  const notify = form?.elements.namedItem("NotifyReplies");
  if (notify) notify.checked = before.notify === true;
  const focused = before.focused ? document.getElementById(before.focused) : null;
  focused?.focus({ preventScroll: true });
  if (focused && before.range?.[0] != null) focused.setSelectionRange(...before.range);
  closeBranches(before.closed);
  restore();
  history.scrollRestoration = "manual";
  scrollTo(0, before.top);
  landing = before.read;
  land();
  addEventListener("load", () => { land(); history.scrollRestoration = "auto"; }, { once: true });
}

// What was read stands where it stood, however much the thread has grown meanwhile.
export function land() {
  const element = landing && document.getElementById(landing.id);
  if (element) scrollBy({ top: element.getBoundingClientRect().top - landing.top, behavior: "instant" });
  if (!landing || !isLive()) return;
  if (element) landing = null;
  else if (!landing.asked) {
    landing.asked = true;
    show(idOfCard(landing));
  }
}
