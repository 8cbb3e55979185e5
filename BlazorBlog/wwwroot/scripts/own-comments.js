// What only this browser may do: change and take back its own comments, and its own reactions.
import { all, card, cards, idAround, one, texts } from "./dom.js";
import { introduce, isLive } from "./circuit.js";
import { post } from "./post.js";
import { local } from "./storage.js";

const own = new Set();
let mine = { comments: new Map(), reactions: {} };

// How long a removal can be taken back. The blog gives twice as long, for the way.
const undoable = 10_000;

let removedAt = -Infinity;
let undo = null;

// The same person's other tabs; an older browser does without.
const tabs = window.BroadcastChannel ? new BroadcastChannel("blog") : null;
tabs?.addEventListener("message", () => ask(true));
const tellTabs = () => tabs?.postMessage("");

const address = () => one("[data-thread-texts]")?.dataset.address;

export const isOwn = id => own.has(id);

export const takesPart = () => "known" in texts() || local.get("participant") === true;

// Another tab says so before the storage does.
export async function ask(isKnown = takesPart()) {
  const at = address();
  if (!at || !isKnown) return;
  const answer = await fetch(`${at}/mine`, { headers: { Accept: "application/json" } }).then(r => r.ok ? r.json() : null).catch(() => null);
  if (!answer || at !== address()) return;
  const now = performance.now();
  mine = {
    comments: new Map(answer.comments.map(comment => [comment.id, { body: comment.body, until: now + comment.editableFor * 1000 }])),
    reactions: answer.reactions,
  };
  for (const id of mine.comments.keys()) own.add(id);
  decorate();
}

function button(name, label) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset[name] = "";
  made.dataset.key = name;
  made.textContent = label;
  return made;
}

export function decorate() {
  const { edit, remove } = texts();
  for (const [id, { until }] of mine.comments) {
    const foot = card(id)?.querySelector("footer");
    if (!foot) continue;
    const canEdit = until > performance.now() && document.getElementById("comment-form") !== null;
    const edits = one("[data-edit]", foot);
    if (edits && !canEdit) edits.remove();
    if (!edits && canEdit) foot.append(button("edit", edit));
    if (!one("[data-remove]", foot)) foot.append(button("remove", remove));
  }

  for (const pressed of all(".reactions [aria-pressed=true]")) {
    const id = idAround(pressed);
    if (!mine.reactions[id]?.includes(pressed.value)) pressed.removeAttribute("aria-pressed");
  }
  for (const [id, kinds] of Object.entries(mine.reactions)) {
    for (const kind of kinds) card(id)?.querySelector(`.reactions [value="${kind}"]:not([aria-pressed=true])`)?.setAttribute("aria-pressed", "true");
  }
}

async function act(url, fields) {
  const { ok, result } = await post(url, fields);
  return { ok, result, message: result?.errors?.Body ?? texts().failed };
}

function note(message, takeBack = null) {
  const region = one("[data-announce]");
  const toast = one("[data-toast]");
  if (region) region.textContent = message;
  if (!toast) return;
  undo = takeBack;
  one("span", toast).textContent = message;
  one("[data-undo]", toast).hidden = !undo;
  toast.hidden = false;
  clearTimeout(note.timer);
  note.timer = setTimeout(() => { toast.hidden = true; undo?.end(); undo = null; }, undo ? undoable : 4_000);
}

// Without a circuit nobody else brings the changed card.
function replace(id, html) {
  const old = card(id);
  if (!old || isLive()) return;
  const item = old.closest("li");
  item.hidden = html === null && all("article", item).length === 1;
  if (html === null) return;
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = made.content.firstElementChild;
  old.className = fresh.className;
  old.replaceChildren(...fresh.childNodes);
}

async function react(pressed) {
  const id = idAround(pressed);
  const kind = pressed.value;
  const on = !mine.reactions[id]?.includes(kind);
  const kinds = new Set(mine.reactions[id] ?? []);
  const turn = add => {
    if (add) kinds.add(kind);
    else kinds.delete(kind);
    mine.reactions[id] = [...kinds];
    decorate();
  };
  turn(on);
  const choices = pressed.closest("details.react");
  if (choices) {
    // What is hidden loses the focus.
    one("summary", choices).focus({ preventScroll: true });
    choices.open = false;
  }
  const { ok, result, message } = await act(pressed.form.action, { Kind: kind, On: on });
  if (!ok) { turn(!on); note(message); return; }
  local.set("participant", true);
  tellTabs();
  replace(id, result.html);
}

async function remove(pressed) {
  // What is below moves up: the second click of a double click might meet another comment's button.
  if (performance.now() - removedAt < 1_000) return;
  removedAt = performance.now();
  const id = idAround(pressed);
  const url = `${address()}/${id}`;
  const shown = all(cards);
  const at = shown.indexOf(card(id));
  const next = (shown[at + 1] ?? shown[at - 1])?.id;
  const { ok, result, message } = await act(`${url}/remove`, {});
  if (!ok) { note(message); return; }
  mine.comments.delete(id);
  tellTabs();
  replace(id, result.html);
  const button = one("[data-undo]");
  note(texts().removed, {
    begin: () => restore(id, url),
    end() {
      if (document.activeElement !== button) return;
      const place = document.getElementById(next) ?? one("#comments h2");
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
    },
  });
  button?.focus({ preventScroll: true });
}

async function restore(id, url) {
  const { ok, result, message } = await act(`${url}/restore`, {});
  if (!ok) { note(message); return; }
  replace(id, result.html);
  tellTabs();
  ask();
  note(texts().restored);
  document.dispatchEvent(new CustomEvent("blog:restored", { detail: { id } }));
}

async function copy(link) {
  try {
    await navigator.clipboard.writeText(new URL(link.getAttribute("href"), document.baseURI).href);
    note(texts().copied);
  } catch {
    location.assign(link.href);
  }
}

// A comment of one's own waits below the thread until it is approved.
export function settleWaiting() {
  for (const item of all("[data-waiting-id]")) if (card(item.dataset.waitingId)) item.remove();
  const block = one("[data-waiting-block]");
  if (block && !one("[data-waiting-id]", block)) block.hidden = true;
}

document.addEventListener("click", event => {
  const pressed = event.target.closest("button, a");
  if (!event.target.closest("details.react")) all("details.react[open]").forEach(open => open.removeAttribute("open"));
  if (!pressed || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (pressed.matches(".reactions button")) react(pressed);
  else if (pressed.matches("[data-remove]")) remove(pressed);
  else if (pressed.matches("[data-undo]")) {
    undo?.begin();
    undo = null;
  } else if (pressed.matches("[data-copy]")) copy(pressed);
  else if (pressed.matches("[data-edit]")) {
    const id = idAround(pressed);
    document.dispatchEvent(new CustomEvent("blog:edit", { detail: { id, body: mine.comments.get(id)?.body ?? "" } }));
  } else return;
  event.preventDefault();
});

document.addEventListener("keydown", event => {
  const open = event.key === "Escape" && event.target.closest?.("details.react[open]");
  if (!open) return;
  open.removeAttribute("open");
  one("summary", open).focus();
});

document.addEventListener("blog:posted", ({ detail }) => {
  own.add(detail.id);
  local.set("participant", true);
  if (detail.reader) introduce(detail.reader);
  tellTabs();
  ask();
});
