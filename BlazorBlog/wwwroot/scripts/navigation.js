// Enhanced navigation exchanges what the page shows. For the reader it is another page all the same: it begins at its top, with the focus on
// its heading, and the way back leads to where one was.
import { all, one } from "./dom.js";
import { unreached } from "./connection.js";

// Pages of a list are pages; what the query says of a post is only how its thread is shown.
const pageAt = ({ pathname, search }) => pathname.startsWith("/posts/") ? pathname : pathname + search;
const entry = () => window.navigation?.currentEntry?.key ?? location.href;

let shown = pageAt(location);
let shownEntry = entry();
let isReturning = false;
let isUndoing = false;

// By entry of the history: how far it was scrolled, and which link was followed from there.
const tops = new Map();
const followed = new Map();

const keepEntry = () => { if (pageAt(location) === shown) shownEntry = entry(); };

addEventListener("scroll", () => {
  // Between the new address and the new page, it is still the old page that scrolls.
  if (pageAt(location) === shown) tops.set(entry(), scrollY);
}, { passive: true });

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[href]");
  if (!link) return;
  keepEntry();
  isReturning = false;
  followed.set(entry(), link.getAttribute("href"));
}, true);

addEventListener("popstate", event => {
  if (isUndoing) event.stopImmediatePropagation();
  isReturning = !isUndoing;
  isUndoing = false;
  keepEntry();
});

export function arrive() {
  const returns = isReturning;
  isReturning = false;
  shownEntry = entry();
  if (pageAt(location) === shown) return;
  shown = pageAt(location);
  if (returns) scrollTo({ top: tops.get(shownEntry) ?? 0, behavior: "instant" });
  else if (!location.hash) scrollTo({ top: 0, behavior: "instant" });
  const link = followed.get(shownEntry);
  const target = (returns && all("a").find(other => other.getAttribute("href") === link))
    || document.getElementById(location.hash.slice(1)) || one("h1");
  if (!target) return;
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Blazor changes the address before it has the page. When the page does not come, its answer is this rejection and nothing else.
addEventListener("unhandledrejection", event => {
  if (!(event.reason instanceof TypeError) || pageAt(location) === shown) return;
  event.preventDefault();
  unreached();
  if (isReturning && !window.navigation) { location.reload(); return; }
  isUndoing = true;
  if (window.navigation) navigation.traverseTo(shownEntry);
  else history.back();
});
