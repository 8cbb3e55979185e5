// The live thread of a page: everything that has to happen when Blazor has changed it, in its order and before it is painted.
import { one } from "./dom.js";
import { greet, show } from "./circuit.js";
import { connect } from "./connection.js";
import { restore } from "./continuity.js";
import { arriveAtLinked, follow } from "./links.js";
import { arrive } from "./navigation.js";
import { ask, decorate, settleWaiting } from "./own-comments.js";
import { land, returnToPlace } from "./place.js";
import { watch } from "./reading.js";
import { holdFast, welcome } from "./stillness.js";
import { tellTimes } from "./times.js";

function changed() {
  restore();
  welcome();
  tellTimes();
  decorate();
  settleWaiting();
  land();
  holdFast();
  arriveAtLinked();
  watch();
  greet(() => {
    follow();
    // An answer that was begun on a later page of the thread
    const parent = one("#comment-form [name=ParentId]")?.value;
    if (parent && !document.getElementById(`comment-${parent}`)) show(parent);
  });
  document.dispatchEvent(new CustomEvent("blog:changed"));
}

function navigated() {
  document.dispatchEvent(new CustomEvent("blog:navigated"));
  changed();
  arrive();
  ask();
}

new MutationObserver(records => {
  if (records.some(({ target }) => target.closest("main"))) changed();
}).observe(document.body, { childList: true, subtree: true });

document.addEventListener("blog:show", ({ detail }) => show(detail.id));

tellTimes();
returnToPlace();
follow();
ask();

// It may come before or after this one, or never.
if (window.Blazor) connect(navigated);
else one("script[autostart]")?.addEventListener("load", () => connect(navigated));
