// A link to a comment that may not be in the page yet.
import { all, card } from "./dom.js";
import { hasArrived, show } from "./circuit.js";

const linked = () => /^#comment-([0-9a-f-]{36})$/.exec(location.hash)?.[1];

export function follow() {
  const id = linked();
  if (id && !card(id)) show(id);
  markTarget();
}

export function arriveAtLinked() {
  const id = linked();
  if (id && hasArrived(id)) {
    // The browser looks for the target of an address only when it goes there.
    location.replace(location.href);
    card(id).scrollIntoView({ block: "center" });
  }

  markTarget();
}

// The browser's own mark goes with the element that had it.
function markTarget() {
  const target = card(linked());
  all(".comment.target").filter(other => other !== target).forEach(other => other.classList.remove("target"));
  target?.classList.add("target");
}

addEventListener("hashchange", follow);

document.addEventListener("click", ({ target }) => {
  // Blazor changes the address in a listener of its own, which runs after this one, and without a hashchange.
  if (target.closest('a[href*="#comment-"]:not([data-copy])')) setTimeout(follow);
  if (target.closest("button[data-key=order]")) keepOrder();
});

// For whoever loads the page again or passes its address on.
function keepOrder() {
  const here = new URL(location.href);
  if (here.searchParams.get("sort")) here.searchParams.delete("sort");
  else here.searchParams.set("sort", "newest");
  history.replaceState(history.state, "", here);
}
