// Keeps the open mailbox up to date: fetches the list again and again and changes only what is different, so that open details,
// previews, selections and the place on the page stay. Without this script a reload does the same.
(() => {
  "use strict";

  const pause = 2000;

  // Written by the reader's hands, not by the server: an opened part, a preview pulled larger.
  const ofReader = new Set(["open", "style"]);

  let etag;

  async function look() {
    const list = document.getElementById("mailbox");
    if (!list || document.hidden) return;

    try {
      const answer = await fetch(list.dataset.source, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        show(list, new DOMParser().parseFromString(await answer.text(), "text/html").body);
        etag = answer.headers.get("ETag");
      }

      say(answer.ok || answer.status === 304);
    } catch {
      say(false);
    }
  }

  function say(found) {
    const status = document.querySelector("[data-lost]");
    const words = found ? "" : status.dataset.lost;
    if (status.textContent !== words) status.textContent = words;
  }

  // What stands at the top of the window stays there, whatever comes in above it.
  function show(list, next) {
    const seen = scrollY > 0 && [...list.querySelectorAll("article, li[data-key]")].find(item => item.getBoundingClientRect().top >= 0);
    const top = seen && seen.getBoundingClientRect().top;
    becomeChildren(list, next);
    if (seen && seen.isConnected) scrollBy({ top: seen.getBoundingClientRect().top - top, behavior: "instant" });
  }

  function becomeChildren(was, next) {
    const nextKeys = new Set([...next.children].map(key).filter(Boolean));
    for (const child of [...was.children]) {
      if (key(child) && !nextKeys.has(key(child))) child.remove();
    }

    let at = was.firstChild;
    for (const child of [...next.childNodes]) {
      const known = key(child) ? [...was.children].find(other => key(other) === key(child)) : isAlike(at, child) && at;
      if (!known) {
        was.insertBefore(child, at);
        continue;
      }

      if (known === at) at = at.nextSibling;
      else was.insertBefore(known, at);
      become(known, child);
    }

    while (at) {
      const rest = at.nextSibling;
      at.remove();
      at = rest;
    }
  }

  function become(was, next) {
    if (next.nodeType !== Node.ELEMENT_NODE) {
      if (was.data !== next.data) was.data = next.data;
      return;
    }

    for (const { name } of [...was.attributes]) {
      if (!ofReader.has(name) && !next.hasAttribute(name)) was.removeAttribute(name);
    }

    for (const { name, value } of next.attributes) {
      if (!ofReader.has(name) && was.getAttribute(name) !== value) was.setAttribute(name, value);
    }

    becomeChildren(was, next);
  }

  const key = node => node.dataset?.key;
  const isAlike = (was, next) => was && !key(was) && was.nodeName === next.nodeName;

  async function keepLooking() {
    await look();
    setTimeout(keepLooking, pause);
  }

  document.addEventListener("visibilitychange", look);
  keepLooking();
})();
