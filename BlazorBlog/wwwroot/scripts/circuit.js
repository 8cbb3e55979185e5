// What the circuit knows of this window. It is told by changing one hidden field, always as a whole and with a number, and again until the
// island shows that number: a message that went down with a connection, or with an island that was just replaced, is only late.
import { card, isSeen, one } from "./dom.js";

const pause = 2_000;

// More would come near the size that the hub takes in one message.
const most = 50;

let isUp = true;
let former = null;
let greeted = null;
let number = 0;
let token = null;
let again;
const shows = new Set();
const seen = new Set();

const field = () => one("[data-say]");
const isHeard = () => Number(one("[data-heard]")?.dataset.heard) === number;

// A field of a circuit that has ended still stands in the page until the next circuit renders its own.
export const isLive = () => isUp && field() !== null && field() !== former;

// Brings a comment into the part of the thread that is shown.
export const show = id => tell(() => shows.add(id));

// True once, when a comment that was asked for is there; what comes later by itself was not waited for.
export const hasArrived = id => card(id) !== null && shows.delete(id);

// A comment was in sight long enough to be read.
export const see = id => tell(() => seen.add(id));

// Who reads: the socket may have been opened before the cookie came.
export const introduce = reader => tell(() => { token = reader; });

export function setConnected(connected) {
  isUp = connected;
  if (connected) tell();
}

export function endCircuit() {
  former = field();
}

// The thread has become live, or is another island than before.
export function greet(first) {
  if (!isLive() || field() === greeted) return;
  greeted = field();
  first();
  tell();
}

function tell(change = () => {}) {
  forgetHeard();
  change();
  number++;
  send();
}

function send() {
  clearTimeout(again);
  forgetHeard();
  if (!isLive() || isHeard()) return;
  const ear = field();
  ear.value = JSON.stringify({ number, isVisible: isSeen(), token, show: [...shows].slice(-most), seen: [...seen].slice(-most) });
  ear.dispatchEvent(new Event("change", { bubbles: true }));
  again = setTimeout(send, pause);
}

function forgetHeard() {
  if (!isHeard()) return;
  shows.clear();
  seen.clear();
}

document.addEventListener("visibilitychange", () => tell());
