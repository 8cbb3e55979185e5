// Short names for what every script asks of the page. Blazor changes the thread at any moment, so elements are looked up when they are
// needed and kept no longer.
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const cards = "article[id^=comment-]";
export const card = id => document.getElementById(`comment-${id}`);
export const idOfCard = article => article?.id.slice("comment-".length);
export const idOf = item => idOfCard(one(cards, item));
export const idAround = element => idOfCard(element.closest(cards));

export const filled = (text, value) => text.replace("{0}", () => value);
export const texts = () => one("[data-thread-texts]")?.dataset ?? {};

export const isSeen = () => document.visibilityState === "visible";
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const follows = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
export const isInView = element => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};
