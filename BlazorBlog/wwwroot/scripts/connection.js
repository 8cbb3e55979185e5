// Starts Blazor, and takes a lost connection up again. Blazor itself tries until the server answers, and resumes the circuit when the server
// still has its state; when it has not, the page is loaded again.
import { isSeen, one } from "./dom.js";
import { endCircuit, isLive, setConnected } from "./circuit.js";
import { keepPlace } from "./place.js";
import { session } from "./storage.js";

// A window that nobody looks at for so long gives its circuit back. The state waits in this page and outlives the server.
const idle = 600_000;

// A circuit that has not begun by then never will.
const start = 20_000;

let typedAt = -Infinity;
let renewal;
let idling;
let state = "hide";

// Blazor says what it does on an element of the page, by an event that does not bubble.
document.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  state = detail.state;
  if (state === "hide") say("");
  if (state === "hide" || state === "show" || state === "paused") setConnected(state === "hide");
  if (state === "rejected") renew();
}, true);

document.addEventListener("input", () => { typedAt = performance.now(); }, true);

document.addEventListener("visibilitychange", () => {
  clearTimeout(idling);
  if (!isSeen()) idling = setTimeout(() => { if (isLive()) Blazor.pauseCircuit(); }, idle);
  else if (state === "paused") resume();
});

// The way back may show a page as it was left. Blazor ended its circuit then, and takes it up no more.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !one(".live-thread")) return;
  endCircuit();
  session.set("renewals", null);
  renew();
});

async function resume() {
  state = "resuming";
  try {
    if (!await Blazor.resumeCircuit()) renew();
  } catch {
    say("trying");
    setTimeout(resume, 2_000);
  }
}

// The page as it is now is one request away; whoever is typing gets it at the next pause.
async function renew() {
  clearTimeout(renewal);
  const quiet = performance.now() - typedAt;
  if (quiet < 2_000) { renewal = setTimeout(renew, 2_000 - quiet); return; }
  // A page that is there is better than one that cannot be loaded.
  const answers = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).then(({ status }) => status < 500, () => false);
  if (!answers) { renewal = setTimeout(renew, 2_000); return; }
  const now = Date.now();
  const before = (session.get("renewals") ?? []).filter(at => now - at < 60_000);
  // Where nothing can be kept, loading the page by itself might lose what was typed, and might never end.
  if (before.length >= 3 || !session.set("renewals", [...before, now]) || !keepPlace()) { say("over"); return; }
  location.reload();
}

function say(words) {
  const notice = document.getElementById("components-reconnect-modal");
  if (notice) notice.dataset.state = words;
}

// A link was followed and its page did not come; the one that is shown stays.
export function unreached() {
  say("unreached");
  setTimeout(() => { if (one(".reconnect[data-state=unreached]")) say(""); }, 8_000);
}

export function connect(navigated) {
  Blazor.start({
    circuit: {
      reconnectionOptions: { maxRetries: Infinity, retryIntervalMilliseconds: attempt => Math.min(attempt, 4) * 1_000 },
      circuitHandlers: [{ onCircuitClosed: endCircuit }],
    },
  });
  Blazor.addEventListener("enhancedload", navigated);

  // A circuit that ended by a failure of its own says so only by showing this element; one that never began says nothing.
  const failure = document.getElementById("blazor-error-ui");
  if (failure) new MutationObserver(() => { if (state === "hide") renew(); }).observe(failure, { attributes: true });
  setTimeout(() => { if (state === "hide" && one(".live-thread") && !isLive()) renew(); }, start);
}
