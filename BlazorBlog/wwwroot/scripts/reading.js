// Whoever takes part gets no mail about what was on the screen long enough to be read.
import { card, idOfCard, isSeen } from "./dom.js";
import { see } from "./circuit.js";

const unseen = new Set();
const timers = new Map();

const sight = new IntersectionObserver(entries => {
  for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
    clearTimeout(timers.get(target.id));
    const enough = isIntersecting && (intersectionRatio >= .5 || intersectionRect.height >= innerHeight * .4);
    if (enough) timers.set(target.id, setTimeout(() => read(target), 1_000));
  }
}, { threshold: [0, .25, .5, .75] });

export const watchFor = id => unseen.add(id);

// A card that changes is another element.
export function watch() {
  for (const id of unseen) if (card(id)) sight.observe(card(id));
}

function read(article) {
  if (!isSeen() || !article.isConnected) return;
  const id = idOfCard(article);
  unseen.delete(id);
  sight.unobserve(article);
  see(id);
}
