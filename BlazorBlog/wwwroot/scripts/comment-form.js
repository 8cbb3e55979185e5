// Sends the comment form without leaving the page and keeps what was typed. The form works without it.
// Every listener sits on the document, so enhanced navigation may replace or patch the page at any time.
import { card, filled } from "./dom.js";
import { post } from "./post.js";
import { draftOf, editOf, editedIn, keepDraftOf, keepEditOf, keepEditedIn, keepPerson, person } from "./storage.js";

const theForm = () => document.getElementById("comment-form");
const field = (form, name) => form.elements.namedItem(name);
const part = (form, name) => form.querySelector(`[data-part="${name}"]`);

let previewTimer;
const sending = new Set();

// Written on every change, not after a pause: a tab may close at any letter, and a write costs microseconds.
function keepDraft(form, attempt = draftOf(form).attempt) {
  const body = field(form, "Body").value;
  if (form.dataset.editing) {
    keepEditOf(form, form.dataset.editing, { body });
    return;
  }
  keepDraftOf(form, body ? { body, parent: field(form, "ParentId").value, name: form.dataset.answering, attempt } : null);
}

function start() {
  const form = theForm();
  if (!form) return;

  const body = field(form, "Body");
  for (const name of ["preview", "kept"]) if (part(form, name)) part(form, name).hidden = false;
  if (part(form, "beside")) part(form, "beside").hidden = true;
  for (const name of ["sign-in", "sign-up"]) part(form, name)?.removeAttribute("target");
  for (const name of ["Name", "Email"]) if (field(form, name)) field(form, name).value ||= person()[name] ?? "";

  // Text that was typed before this script ran, or came back with an error, is newer than any draft. Enhanced navigation
  // empties the field even when it stays on the page: the draft fills it again.
  const draft = draftOf(form);
  if (!body.value && draft.body) {
    body.value = draft.body;
    if (draft.parent && !field(form, "ParentId").value) answer(form, draft.parent, draft.name);
  }

  quote(form);
  count(form);
  keepDraft(form);
  const id = editedIn(form);
  if (id) startEdit(form, id, "");
}

// The same one form: what was being written is put aside as its draft, and comes back afterwards.
function startEdit(form, id, body) {
  if (!form.dataset.editing) keepDraft(form);
  form.dataset.editing = id;
  keepEditedIn(form, id);
  form.querySelectorAll("[data-part=person]").forEach(other => { other.hidden = true; });
  part(form, "title").textContent = form.dataset.edit;
  form.querySelector(".primary").textContent = form.dataset.save;
  part(form, "cancel").hidden = false;
  field(form, "Body").value = editOf(form, id).body ?? body;
  quote(form);
  count(form);
  showErrors(form, {});
  say(form, "");
  keepDraft(form);
}

// Left without saving, what was typed waits for the next edit of the same comment.
function endEdit(form, forget) {
  if (forget) keepEditOf(form, form.dataset.editing, null);
  keepEditedIn(form, null);
  delete form.dataset.editing;
  form.querySelectorAll("[data-part=person]").forEach(other => { other.hidden = false; });
  form.querySelector(".primary").textContent = form.dataset.post;
  closePreview(form);
  const draft = draftOf(form);
  field(form, "Body").value = draft.body ?? "";
  answer(form, draft.parent ?? "", draft.name);
  count(form);
}

async function saveEdit(form) {
  const id = form.dataset.editing;
  const action = form.action;
  if (sending.has(action)) return;
  sending.add(action);
  showErrors(form, {});
  say(form, form.dataset.sending, "busy");
  const outcome = await post(`${action}/${id}/edit`, { Body: field(form, "Body").value });
  sending.delete(action);
  if (theForm() !== form || form.dataset.editing !== id) return;
  if (!outcome.ok) {
    show(form, {}, outcome);
    return;
  }

  endEdit(form, true);
  const visible = outcome.result.status === "approved";
  say(form, visible ? form.dataset.saved : form.dataset.waiting);
  if (!visible) wait(outcome.result);
  document.dispatchEvent(new CustomEvent("blog:posted", { detail: outcome.result }));
  if (visible) arrive(id);
}

// The one form stays where it is, and the typed text with it; only whom it answers changes.
function answer(form, id, knownAs) {
  // The comment answered may stand on another page of the thread.
  const name = id && (card(id)?.querySelector("[data-reply]")?.dataset.name ?? knownAs);
  field(form, "ParentId").value = name ? id : "";
  form.dataset.answering = name || "";
  part(form, "title").textContent = name ? filled(form.dataset.reply, name) : form.dataset.leave;
  part(form, "cancel").hidden = !name;
  quote(form);
  keepDraft(form);
}

function quote(form) {
  const answered = form.dataset.editing ? null : card(field(form, "ParentId").value);
  const text = answered?.querySelector(".comment-body")?.textContent.trim() ?? "";
  const excerpt = part(form, "quote");
  excerpt.textContent = text.length > 280 ? `${text.slice(0, 280)}…` : text;
  excerpt.hidden = !text;
  mark(form);
}

function mark(form) {
  const answered = form.dataset.editing ? null : card(field(form, "ParentId").value);
  document.querySelectorAll(".comment.answered").forEach(other => { if (other !== answered) other.classList.remove("answered"); });
  answered?.classList.add("answered");
}

function reply(form, id) {
  if (form.dataset.editing) endEdit(form);
  answer(form, id);
  if (!sending.has(form.action)) say(form, "");
  form.scrollIntoView({ block: "nearest" });
  field(form, "Body").focus({ preventScroll: true });
}

function cancel(form, forget) {
  const edited = form.dataset.editing;
  if (edited) {
    endEdit(form, forget);
    (card(edited)?.querySelector("[data-edit]") ?? field(form, "Body")).focus();
    return;
  }

  const id = field(form, "ParentId").value;
  answer(form, "");
  if (new URLSearchParams(location.search).has("reply")) history.replaceState(history.state, "", location.pathname);
  (card(id)?.querySelector("[data-reply]") ?? field(form, "Body")).focus();
}

async function send(form) {
  if (form.dataset.editing) return saveEdit(form);
  const action = form.action;
  if (sending.has(action)) return;

  const sent = Object.fromEntries(new FormData(form));
  const { IdempotencyKey: _, RenderedAt: __, ...content } = sent;
  const fingerprint = JSON.stringify(content);
  // The same words keep their key over retries and reloads, so that a lost answer never becomes a second comment.
  const last = draftOf(form).attempt;
  const key = last?.fingerprint === fingerprint ? last.key : crypto.randomUUID?.() ?? "";
  sent.IdempotencyKey = field(form, "IdempotencyKey").value = key;
  keepDraft(form, { fingerprint, key });
  if (sent.Name !== undefined) keepPerson(sent);

  sending.add(action);
  showErrors(form, {});
  say(form, form.dataset.sending, "busy");
  const outcome = await post(action, sent);
  sending.delete(action);

  if (theForm()?.action === action) show(theForm(), sent, outcome);
  else if (outcome.ok && draftOf({ action }).attempt?.key === key) keepDraftOf({ action }, null);
}

function show(form, sent, { status, ok, result, wait }) {
  if (ok) posted(form, sent, result);
  else if (status === 429) say(form, filled(form.dataset.limited, wait), "bad", true);
  else if (status === 409) say(form, result?.errors?.[""] ?? result?.errors?.Body ?? form.dataset.closed, "bad");
  else if (status >= 400 && status < 500 && result?.errors) {
    say(form, "");
    showErrors(form, result.errors);
  } else say(form, form.dataset.failed, "bad", true);
}

function posted(form, sent, result) {
  // Whoever typed on while it was under way keeps that text.
  if (field(form, "Body").value === sent.Body) {
    field(form, "Body").value = "";
    closePreview(form);
    answer(form, "");
  } else keepDraft(form, null);

  count(form);
  const visible = result.status === "approved";
  say(form, [visible ? form.dataset.sent : form.dataset.waiting, result.notice].filter(Boolean).join(" "));
  document.dispatchEvent(new CustomEvent("blog:posted", { detail: result }));
  if (visible) place(result, sent.ParentId);
  else wait(result);
}

// Held back: its writer sees it below the thread until it is approved.
function wait({ id, words }) {
  const list = document.querySelector("[data-waiting-list]");
  if (!list || !words) return;
  list.querySelector(`[data-waiting-id="${id}"]`)?.remove();
  const item = document.createElement("li");
  item.dataset.waitingId = id;
  item.innerHTML = `<div class="comment-body prose" dir="auto">${words}</div>`;
  list.append(item);
  list.closest("[data-waiting-block]").hidden = false;
}

async function place(result, parent) {
  // A live thread brings the card by itself, and what a script puts beside it would stand there twice.
  const isLive = document.querySelector("[data-live]") !== null;
  if (isLive) await appearance(result.id);
  if (isLive && !card(result.id)) {
    // It stands on another page of the thread.
    document.dispatchEvent(new CustomEvent("blog:show", { detail: result }));
    await appearance(result.id);
  }
  if (!card(result.id) && result.html) {
    const item = document.createElement("li");
    item.innerHTML = result.html;
    listFor(item, parent).append(item);
    giveWay(item, result.id);
    // What a circuit has made is its own to count and to take away.
    const empty = document.querySelector("[data-empty]");
    if (empty) empty.hidden = true;
    const heading = document.querySelector("[data-count]");
    const total = Number(heading.dataset.count) + 1;
    if (!isLive) {
      heading.dataset.count = total;
      heading.textContent = total === 1 ? heading.dataset.one : filled(heading.dataset.many, total);
    }
  }

  arrive(result.id);
}

function arrive(id) {
  const added = card(id);
  if (!added) return;
  for (let branch = added.closest("details"); branch; branch = branch.parentElement.closest("details")) branch.open = true;
  added.classList.add("new");
  added.tabIndex = -1;
  added.focus({ preventScroll: true });
  added.scrollIntoView({ block: "center" });
}

function appearance(id) {
  return new Promise(done => {
    const found = () => card(id) && finish();
    const observer = new MutationObserver(found);
    const patience = setTimeout(finish, 1_000);
    function finish() {
      observer.disconnect();
      clearTimeout(patience);
      done();
    }
    observer.observe(document.body, { childList: true, subtree: true });
    found();
  });
}

// A circuit that was away brings the same card when it is back.
function giveWay(item, id) {
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll(`[id="comment-${id}"]`).length > 1) item.remove();
    if (!item.isConnected) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

function listFor(item, parent) {
  const above = card(parent);
  if (!above) return document.querySelector('[data-replies-of=""]');
  if (item.querySelector(".in-reply-to")) return above.closest("ol");
  const below = above.parentElement.querySelector(":scope > details > ol, :scope > ol");
  if (below) return below;
  const list = document.createElement("ol");
  list.dataset.repliesOf = parent;
  above.after(list);
  return list;
}

function showErrors(form, errors) {
  for (const name of ["Name", "Email", "Body"].filter(name => field(form, name))) {
    const message = document.getElementById(`${field(form, name).id}-error`);
    message.textContent = errors[name] ?? "";
    message.hidden = !errors[name];
    if (errors[name]) field(form, name).setAttribute("aria-invalid", "true");
    else field(form, name).removeAttribute("aria-invalid");
  }

  const others = Object.keys(errors).filter(name => !field(form, name) || name === "ParentId" || name === "IdempotencyKey");
  part(form, "others").replaceChildren(...others.map(name => {
    const item = document.createElement("li");
    item.textContent = errors[name];
    return item;
  }));
  part(form, "summary").hidden = Object.keys(errors).length === 0;
  (form.querySelector("[aria-invalid]") ?? (others.length ? part(form, "summary") : null))?.focus();
}

// What is being corrected is not wrong any more, as far as anybody knows.
function settleError(form, corrected) {
  if (!corrected.hasAttribute("aria-invalid")) return;
  corrected.removeAttribute("aria-invalid");
  document.getElementById(`${corrected.id}-error`).hidden = true;
  part(form, "summary").hidden = !form.querySelector("[aria-invalid], [data-part=others] > li");
}

function say(form, text, state = "", retry = false) {
  const status = part(form, "status");
  status.textContent = text;
  status.dataset.state = state;
  part(form, "retry").hidden = !retry;
  form.querySelector(".primary").setAttribute("aria-disabled", state === "busy");
}

function count(form) {
  const left = Number(field(form, "Body").dataset.max) - field(form, "Body").value.length;
  const counter = part(form, "counter");
  counter.hidden = left > 200;
  counter.classList.toggle("over", left < 0);
  counter.textContent = filled(left < 0 ? form.dataset.over : form.dataset.left, Math.abs(left));
}

async function preview(form) {
  const body = field(form, "Body").value;
  const area = document.getElementById("comment-preview");
  const { ok, result } = await post(`/comments/preview?post=${form.getAttribute("action").split("/")[2]}`, { Body: body }, "text/html");

  // A later keystroke asks again; its answer is the one to show.
  if (field(form, "Body").value !== body) return;
  if (ok) area.innerHTML = result;
  else area.textContent = form.dataset.blind;
}

function closePreview(form) {
  document.getElementById("comment-preview").hidden = true;
  part(form, "preview").setAttribute("aria-expanded", "false");
}

function togglePreview(form) {
  const area = document.getElementById("comment-preview");
  if (!area.hidden) return closePreview(form);
  area.hidden = false;
  part(form, "preview").setAttribute("aria-expanded", "true");
  return preview(form);
}

document.addEventListener("submit", event => {
  if (event.target !== theForm()) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("input", event => {
  const form = event.target.form;
  if (!form || form !== theForm()) return;
  keepDraft(form);
  count(form);
  settleError(form, event.target);
  clearTimeout(previewTimer);
  if (!document.getElementById("comment-preview").hidden) previewTimer = setTimeout(() => preview(form), 400);
});

document.addEventListener("click", event => {
  const form = theForm();
  const control = event.target.closest("a, button");
  if (control?.matches("[data-reload]")) {
    // The draft is kept in the browser; an empty href would lead to the base address.
    event.preventDefault();
    location.reload();
    return;
  }

  if (!form || !control || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (control.dataset.reply) reply(form, control.dataset.reply);
  else if (control === part(form, "cancel")) cancel(form, true);
  else if (control === part(form, "preview")) togglePreview(form);
  else return;
  event.preventDefault();
});

document.addEventListener("blog:changed", () => { if (theForm()) mark(theForm()); });

document.addEventListener("blog:restored", async ({ detail }) => {
  await appearance(detail.id);
  arrive(detail.id);
});

document.addEventListener("blog:edit", ({ detail }) => {
  const form = theForm();
  if (!form) return;
  startEdit(form, detail.id, detail.body);
  form.scrollIntoView({ block: "nearest" });
  field(form, "Body").focus({ preventScroll: true });
});

document.addEventListener("keydown", event => {
  const form = theForm();
  if (!form?.contains(event.target) || event.isComposing) return;
  if (event.key === "Escape" && (form.dataset.editing || field(form, "ParentId").value)) cancel(form);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.addEventListener("blog:navigated", start);
start();
