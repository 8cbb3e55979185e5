// Focus, selection, open pickers and closed branches outlive the elements they were in.
import { all, cards, follows, one } from "./dom.js";
import { settle } from "./stillness.js";

let focus = null;
let selected = null;
const closed = new Set();
const pickers = new Set();

export const closedBranches = () => [...closed];
export const closeBranches = ids => ids.forEach(id => closed.add(id));

document.addEventListener("focusin", ({ target }) => {
  const article = target.closest?.(cards);
  const branch = target.closest?.("summary[data-key=branch]");
  const more = target.closest?.(".more-comments button");
  focus = article ? { target, id: article.id, key: target.dataset.key ?? target.value }
    : branch ? { target, id: one(":scope > article", branch.closest("li"))?.id, key: "branch" }
    : more ? { target, last: all(".comments article").findLast(above => follows(more, above))?.id } : null;
});
// An element that is taken away loses the focus while it still stands in the page; only later is it clear which of the two it was.
document.addEventListener("focusout", ({ target }) => setTimeout(() => {
  if (focus?.target === target && target.isConnected) focus = null;
}));

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const body = range?.startContainer.parentElement?.closest(".comment-body");
  if (!body?.contains(range.endContainer)) { selected = null; return; }
  const before = document.createRange();
  before.selectNodeContents(body);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  selected = { body, id: body.closest("article")?.id, text: body.textContent, start, end: start + range.toString().length };
});

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details.react")) {
    const id = target.closest("article")?.id;
    if (target.open) pickers.add(id);
    else if (target.isConnected) pickers.delete(id);
    return;
  }
  if (!target.matches?.("details:has(> summary[data-key=branch])")) return;
  const id = one(":scope > article", target.closest("li"))?.id;
  if (target.open) closed.delete(id);
  else closed.add(id);
  settle();
}, true);

export function restore() {
  for (const id of closed) {
    const branch = document.getElementById(id)?.parentElement.querySelector(":scope > details");
    if (branch?.open) branch.open = false;
  }

  for (const id of pickers) {
    const picker = document.getElementById(id)?.querySelector("details.react");
    if (picker && !picker.open) picker.open = true;
  }

  if (focus && !focus.target.isConnected && (document.activeElement ?? document.body) === document.body) {
    const shown = all(".comments article");
    const article = focus.id ? document.getElementById(focus.id) : shown[shown.findIndex(above => above.id === focus.last) + 1];
    const again = focus.key === "branch" ? article?.parentElement.querySelector(":scope > details > summary")
      : focus.key ? article && one(`[data-key="${focus.key}"], [value="${focus.key}"]`, article) : article;
    // What had it may be gone for good, as the button of a removed comment is.
    if (article && (!again || again === article)) article.tabIndex = -1;
    (again ?? article)?.focus({ preventScroll: true });
  }

  if (selected && !selected.body.isConnected) {
    const body = document.getElementById(selected.id)?.querySelector(".comment-body");
    if (body?.textContent === selected.text) select(body, selected.start, selected.end);
    else selected = null;
  }
}

function select(body, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let at = 0, node = walker.nextNode(); node; at += node.length, node = walker.nextNode()) {
    if (start >= at && start <= at + node.length) range.setStart(node, start - at);
    if (end >= at && end <= at + node.length) { range.setEnd(node, end - at); break; }
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
