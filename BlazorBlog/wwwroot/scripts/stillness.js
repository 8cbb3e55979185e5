// What arrives moves nothing that is being read: it waits behind a pill when it would.
import { all, cards, follows, idOf, isCalm, isInView, filled, one } from "./dom.js";
import { isOwn, takesPart } from "./own-comments.js";
import { watchFor } from "./reading.js";

const met = new Set();
let unsaid = [];
let speaking = false;

const branchOf = element => element.closest('ol[data-replies-of=""] > li');
const held = () => all("li[data-held]");

// What is read is where the focus is, else the first comment that stands in the window whole, or fills a good part of it.
export function reading() {
  const focused = document.activeElement?.closest(cards);
  return focused && isInView(focused) ? focused : all(cards).find(article => {
    const { top, bottom } = article.getBoundingClientRect();
    return !article.closest("[data-held]") && top < innerHeight && (top >= 0 ? bottom > 0 : bottom > innerHeight / 3);
  });
}

function pushes(item) {
  const { top } = item.getBoundingClientRect();
  if (top >= innerHeight) return false;
  if (top < 0) return true;
  const current = reading();
  if (current && branchOf(current) === branchOf(item) && follows(item, current)) return false;
  const focused = document.activeElement;
  return (focused !== document.body && follows(focused, item) && isInView(focused))
    || all(cards).some(article => !item.contains(article) && !article.closest("[data-held]") && follows(article, item) && isInView(article));
}

export function welcome() {
  const fresh = all("li[data-arrived]").filter(item => !met.has(idOf(item)));
  for (const item of fresh) {
    const id = idOf(item);
    met.add(id);
    if (isOwn(id)) continue;
    const name = one(":scope > article h3", item)?.textContent;
    if (name) unsaid.push(name);
    if (takesPart()) watchFor(id);
    // Out of the flow before anything is measured: the browser would scroll to make up for what it then sees above.
    if (!item.closest("details:not([open])")) item.dataset.held = "";
  }
  fresh.filter(item => "held" in item.dataset && !pushes(item)).forEach(item => delete item.dataset.held);
  showPill();
  speak();
}

function showPill() {
  const pill = one("[data-pill]");
  if (!pill) return;
  const count = held().length;
  pill.hidden = count === 0;
  // Writing the same words again would be one more change of the page, and so without end.
  const words = count === 1 ? pill.dataset.one : filled(pill.dataset.many, count);
  if (count && pill.textContent !== words) pill.textContent = words;
}

function reveal() {
  const items = held();
  items.forEach(item => delete item.dataset.held);
  showPill();
  const first = items[0] && one("article", items[0]);
  if (!first) return;
  items.forEach(item => one("article", item).classList.add("new"));
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center", behavior: isCalm() ? "auto" : "smooth" });
}

// What is below the screen by now can take its place without anybody seeing it move.
export function settle() {
  for (const item of held()) {
    const before = item.previousElementSibling ?? item.parentElement.closest("li") ?? item.parentElement;
    if (before.getBoundingClientRect().bottom > innerHeight) delete item.dataset.held;
  }
  showPill();
}

// Where the browser does not make up for what grows or shrinks above by itself (Safari), the comment that is read is kept in its place.
const isAnchored = CSS.supports("overflow-anchor", "auto");
let anchor = null;

function dropAnchor() {
  const current = isAnchored ? null : reading();
  anchor = current && { id: current.id, top: current.getBoundingClientRect().top };
}

export function holdFast() {
  const current = anchor && document.getElementById(anchor.id);
  const moved = current ? current.getBoundingClientRect().top - anchor.top : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
  dropAnchor();
}

function speak() {
  const region = one("[data-announce]");
  if (!region || speaking || !unsaid.length) return;
  speaking = true;
  setTimeout(() => {
    region.textContent = unsaid.length === 1 ? filled(region.dataset.one, unsaid[0]) : filled(region.dataset.many, unsaid.length);
    unsaid = [];
    setTimeout(() => { speaking = false; speak(); }, 5_000);
  }, 500);
}

let settling = false;
addEventListener("scroll", () => {
  if (settling) return;
  settling = true;
  requestAnimationFrame(() => {
    settling = false;
    if (one("li[data-held]")) settle();
    dropAnchor();
  });
}, { passive: true });

addEventListener("resize", dropAnchor);

document.addEventListener("focusin", ({ target }) => {
  const item = target.closest?.("li[data-held]");
  if (!item) return;
  delete item.dataset.held;
  showPill();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-pill]")) reveal();
});
