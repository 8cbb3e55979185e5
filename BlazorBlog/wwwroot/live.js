// What a live thread needs beside Blazor: stillness, the pill for what came above, what only this browser may do, and the way back after
// a lost connection. Blazor changes the thread at any moment, so nothing here keeps an element for longer than it is in the page.
(() => {
  "use strict";

  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const card = id => document.getElementById(`comment-${id}`);
  const cards = "article[id^=comment-]";
  const idOfCard = article => article?.id.slice("comment-".length);
  const idOf = item => idOfCard(one(cards, item));
  const idAround = element => idOfCard(element.closest(cards));
  const linked = () => /^#comment-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  const filled = (text, value) => text.replace("{0}", () => value);
  const texts = () => one("[data-thread-texts]")?.dataset ?? {};
  const isSeen = () => document.visibilityState === "visible";
  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function stored(storage, key, value) {
    try {
      if (value === undefined) return JSON.parse(storage().getItem(key));
      if (value === null) storage().removeItem(key);
      else storage().setItem(key, JSON.stringify(value));
    } catch { /* storage may be full or forbidden */ }
    return null;
  }
  const local = () => localStorage, session = () => sessionStorage;

  // Times

  const units = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

  function tell(time) {
    const age = Math.max(0, (Date.now() - new Date(time.dateTime)) / 1000);
    if (age > 30 * 86_400) return;
    const [unit, seconds] = units.find(([, length]) => age >= length) ?? ["second", 1];
    const words = unit === "second" ? texts().now : relative.format(-Math.floor(age / seconds), unit);
    if (words && time.textContent !== words) time.textContent = words;
  }

  const tellTimes = () => all("time[data-ago]").forEach(tell);
  setInterval(tellTimes, 30_000);

  // The circuit: it hears what is written into one hidden field.

  let isUp = true;
  const field = () => one("[data-say]");

  function say(words) {
    const ear = field();
    if (!ear || !isUp) return;
    ear.value = words;
    ear.dispatchEvent(new Event("change", { bubbles: true }));
  }

  let token = null;
  function sayPresence() {
    say(isSeen() ? "visible" : "hidden");
    if (token) say(`reader ${token}`);
  }

  let greeted = null;
  function greet() {
    const ear = field();
    if (!ear || ear === greeted) return;
    greeted = ear;
    sayPresence();
    follow();
    // An answer that was begun on a later page of the thread
    const parent = one("#comment-form [name=ParentId]")?.value;
    if (parent && !card(parent)) say(`show ${parent}`);
  }

  document.addEventListener("blog:show", ({ detail }) => say(`show ${detail.id}`));

  document.addEventListener("visibilitychange", () => {
    sayPresence();
    if (isSeen()) retry();
  });

  // Stillness

  const met = new Set();
  const own = new Set();
  let unsaid = [];
  let speaking = false;

  const branchOf = element => element.closest('ol[data-replies-of=""] > li');
  const follows = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const held = () => all("li[data-held]");
  const isInView = element => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  // What is read is where the focus is, else the first comment that stands in the window whole, or fills a good part of it.
  function reading() {
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

  function welcome() {
    const fresh = all("li[data-arrived]").filter(item => !met.has(idOf(item)));
    for (const item of fresh) {
      const id = idOf(item);
      met.add(id);
      if (own.has(id)) continue;
      const name = one(":scope > article strong", item)?.textContent;
      if (name) unsaid.push(name);
      if (takesPart()) unseen.add(id);
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
  function settle() {
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

  function holdFast() {
    const current = anchor && document.getElementById(anchor.id);
    const moved = current ? current.getBoundingClientRect().top - anchor.top : 0;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
    dropAnchor();
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

  // Whoever takes part gets no mail about what was on the screen long enough to be read.
  const takesPart = () => "known" in texts() || stored(local, "participant") === true;
  const unseen = new Set();
  const patience = new Map();
  const sight = new IntersectionObserver(entries => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      clearTimeout(patience.get(target.id));
      const enough = isIntersecting && (intersectionRatio >= .5 || intersectionRect.height >= innerHeight * .4);
      if (enough) patience.set(target.id, setTimeout(() => see(target), 1_000));
    }
  }, { threshold: [0, .25, .5, .75] });

  // A card that changes is another element.
  function watch() {
    for (const id of unseen) if (card(id)) sight.observe(card(id));
  }

  function see(article) {
    if (!isSeen() || !article.isConnected) return;
    const id = idOfCard(article);
    unseen.delete(id);
    sight.unobserve(article);
    say(`seen ${id}`);
  }

  // Focus, selection and closed branches outlive the elements they were in.

  let focus = null;
  let selected = null;
  const closed = new Set();

  document.addEventListener("focusin", ({ target }) => {
    const article = target.closest?.(cards);
    const branch = target.closest?.("summary[data-key=branch]");
    const more = target.closest?.(".more-comments button");
    focus = article ? { target, id: article.id, key: target.dataset.key ?? target.value }
      : branch ? { target, id: one(":scope > article", branch.closest("li"))?.id, key: "branch" }
      : more ? { target, last: all(".comments article").findLast(above => follows(more, above))?.id } : null;
    const item = target.closest?.("li[data-held]");
    if (item) {
      delete item.dataset.held;
      showPill();
    }
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

  const pickers = new Set();
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

  function restore() {
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

  // A link to a comment that is not in the page yet

  function follow() {
    const id = linked();
    if (!id || card(id) || !field()) return;
    const observer = new MutationObserver(() => {
      if (!card(id)) return;
      observer.disconnect();
      location.replace(location.href);
      card(id).scrollIntoView({ block: "center" });
    });
    observer.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), 10_000);
    say(`show ${id}`);
  }
  addEventListener("hashchange", () => { follow(); markTarget(); });

  // The browser's own mark goes with the element that had it.
  function markTarget() {
    const target = card(linked());
    all(".comment.target").filter(other => other !== target).forEach(other => other.classList.remove("target"));
    target?.classList.add("target");
  }

  // What only this browser may do

  // The same person's other tabs
  const tabs = new BroadcastChannel("blog");
  tabs.addEventListener("message", () => ask(true));

  let mine = { comments: new Map(), reactions: {} };
  // The comment whose removal was asked for once
  let armed = null;
  const address = () => one("[data-thread-texts]")?.dataset.address;

  // Another tab says so before the storage does.
  async function ask(isKnown = takesPart()) {
    const at = address();
    if (!at || !isKnown) return;
    const answer = await fetch(`${at}/mine`, { headers: { Accept: "application/json" } }).then(r => r.ok ? r.json() : null).catch(() => null);
    if (!answer || at !== address()) return;
    const now = performance.now();
    mine = {
      comments: new Map(answer.comments.map(comment => [comment.id, { body: comment.body, until: now + comment.editableFor * 1000 }])),
      reactions: answer.reactions,
    };
    for (const id of mine.comments.keys()) own.add(id);
    decorate();
  }

  function button(name, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset[name] = "";
    made.dataset.key = name;
    made.textContent = label;
    return made;
  }

  function decorate() {
    const { edit, remove, sure } = texts();
    for (const [id, { until }] of mine.comments) {
      const foot = card(id)?.querySelector("footer");
      if (!foot) continue;
      const canEdit = until > performance.now() && document.getElementById("comment-form") !== null;
      const edits = one("[data-edit]", foot);
      if (edits && !canEdit) edits.remove();
      if (!edits && canEdit) foot.append(button("edit", edit));
      if (!one("[data-remove]", foot)) foot.append(button("remove", remove));
      one("[data-remove]", foot).toggleAttribute("data-sure", armed === id);
      const label = armed === id ? sure : remove;
      if (one("[data-remove]", foot).textContent !== label) one("[data-remove]", foot).textContent = label;
    }

    for (const pressed of all(".reactions [aria-pressed=true]")) {
      const id = idAround(pressed);
      if (!mine.reactions[id]?.includes(pressed.value)) pressed.removeAttribute("aria-pressed");
    }
    for (const [id, kinds] of Object.entries(mine.reactions)) {
      for (const kind of kinds) card(id)?.querySelector(`.reactions [value="${kind}"]:not([aria-pressed=true])`)?.setAttribute("aria-pressed", "true");
    }
  }

  async function act(url, fields) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(fields),
        signal: AbortSignal.timeout(30_000),
      });
      const result = await response.json().catch(() => null);
      return { ok: response.ok && result !== null, result, message: result?.errors?.Body ?? texts().failed };
    } catch {
      return { ok: false, message: texts().failed };
    }
  }

  function note(message) {
    const region = one("[data-announce]");
    const toast = one("[data-toast]");
    if (region) region.textContent = message;
    if (!toast) return;
    toast.textContent = message;
    toast.hidden = false;
    clearTimeout(note.timer);
    note.timer = setTimeout(() => { toast.hidden = true; }, 4_000);
  }

  // Without a circuit nobody else brings the changed card.
  function replace(id, html) {
    const old = card(id);
    if (!old || html === null || (field() && isUp)) return;
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = made.content.firstElementChild;
    old.className = fresh.className;
    old.replaceChildren(...fresh.childNodes);
    changed();
  }

  async function react(pressed) {
    const id = idAround(pressed);
    const kind = pressed.value;
    const on = !mine.reactions[id]?.includes(kind);
    const kinds = new Set(mine.reactions[id] ?? []);
    const turn = add => {
      if (add) kinds.add(kind);
      else kinds.delete(kind);
      mine.reactions[id] = [...kinds];
      decorate();
    };
    turn(on);
    const choices = pressed.closest("details.react");
    if (choices) {
      // What is hidden loses the focus.
      one("summary", choices).focus({ preventScroll: true });
      choices.open = false;
    }
    const { ok, result, message } = await act(pressed.form.action, { Kind: kind, On: on });
    if (!ok) { turn(!on); note(message); return; }
    stored(local, "participant", true);
    tabs.postMessage("");
    replace(id, result.html);
  }

  async function remove(pressed) {
    const id = idAround(pressed);
    if (armed !== id) {
      armed = id;
      decorate();
      setTimeout(() => { armed = null; decorate(); }, 4_000);
      return;
    }
    const { ok, result, message } = await act(`${address()}/${id}/remove`, {});
    if (!ok) { note(message); return; }
    mine.comments.delete(id);
    tabs.postMessage("");
    replace(id, result.html);
    note(texts().removed);
  }

  async function copy(link) {
    try {
      await navigator.clipboard.writeText(new URL(link.getAttribute("href"), document.baseURI).href);
      note(texts().copied);
    } catch {
      location.assign(link.href);
    }
  }

  document.addEventListener("click", event => {
    const pressed = event.target.closest("button, a");
    if (!event.target.closest("details.react")) all("details.react[open]").forEach(open => open.removeAttribute("open"));
    if (!pressed || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (pressed.matches("button[data-key=order]")) {
      // Kept in the address, for whoever loads the page again or passes it on.
      const here = new URL(location.href);
      if (here.searchParams.get("sort")) here.searchParams.delete("sort");
      else here.searchParams.set("sort", "newest");
      history.replaceState(history.state, "", here);
      return;
    }
    if (pressed.matches('a[href*="#comment-"]:not([data-copy])')) {
      setTimeout(() => { follow(); markTarget(); }, 100);
      return;
    }
    if (pressed.matches("[data-pill]")) reveal();
    else if (pressed.matches(".reactions button")) react(pressed);
    else if (pressed.matches("[data-remove]")) remove(pressed);
    else if (pressed.matches("[data-copy]")) copy(pressed);
    else if (pressed.matches("[data-edit]")) {
      const id = idAround(pressed);
      document.dispatchEvent(new CustomEvent("blog:edit", { detail: { id, body: mine.comments.get(id)?.body ?? "" } }));
    } else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", event => {
    const open = event.key === "Escape" && event.target.closest?.("details.react[open]");
    if (!open) return;
    open.removeAttribute("open");
    one("summary", open).focus();
  });

  document.addEventListener("blog:posted", ({ detail }) => {
    own.add(detail.id);
    stored(local, "participant", true);
    if (detail.reader) {
      // The socket may have been opened before the cookie came.
      token = detail.reader;
      say(`reader ${token}`);
    }
    tabs.postMessage("");
    ask();
  });

  // A comment of one's own waits below the thread until it is approved.
  function settleWaiting() {
    for (const item of all("[data-waiting-id]")) if (card(item.dataset.waitingId)) item.remove();
    const block = one("[data-waiting-block]");
    if (block && !one("[data-waiting-id]", block)) block.hidden = true;
  }

  // Connection

  const pauses = [500, 1_000, 2_000, 4_000, 8_000];
  let attempt = 0;
  let trying = false;
  let timer;
  let typedAt = -Infinity;

  document.addEventListener("input", () => { typedAt = performance.now(); }, true);

  function show(state) {
    const notice = document.getElementById("components-reconnect-modal");
    if (notice) notice.dataset.state = state;
  }

  async function retry() {
    if (isUp || trying) return;
    clearTimeout(timer);
    trying = true;
    try {
      // False: the server does not know the circuit any more.
      if (!await Blazor.reconnect()) { renew(); return; }
    } catch {
      timer = setTimeout(retry, pauses[Math.min(attempt++, pauses.length - 1)]);
    } finally {
      trying = false;
    }
  }

  // The page as it is now is one request away; whoever is typing gets it at the next pause.
  async function renew() {
    const quiet = performance.now() - typedAt;
    if (quiet < 2_000) { timer = setTimeout(renew, 2_000 - quiet); return; }
    // A page that is there is better than one that cannot be loaded.
    const answers = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).then(({ status }) => status < 500, () => false);
    if (!answers) { timer = setTimeout(renew, 2_000); return; }
    const now = Date.now();
    const before = (stored(session, "renewals") ?? []).filter(at => now - at < 60_000);
    if (before.length >= 3) { show("over"); return; }
    stored(session, "renewals", [...before, now]);
    keepPlace();
    location.reload();
  }

  const place = element => element && { id: element.id, top: element.getBoundingClientRect().top };

  function keepPlace() {
    const focused = document.activeElement;
    const form = document.getElementById("comment-form");
    stored(session, "place", {
      path: location.pathname,
      top: scrollY,
      focused: focused?.id,
      read: place(focused?.id && isInView(focused) ? focused : reading()),
      closed: [...closed],
      range: "selectionStart" in (focused ?? {}) ? [focused.selectionStart, focused.selectionEnd] : null,
      fields: form ? Object.fromEntries(["Name", "Email"].map(name => [name, form.elements.namedItem(name).value])) : {},
      notify: form?.elements.namedItem("NotifyReplies").checked,
    });
  }

  function returnToPlace() {
    const before = stored(session, "place");
    stored(session, "place", null);
    if (before?.path !== location.pathname) return;
    const form = document.getElementById("comment-form");
    if (form) {
      for (const [name, value] of Object.entries(before.fields)) form.elements.namedItem(name).value = value;
      form.elements.namedItem("NotifyReplies").checked = before.notify;
    }
    const focused = before.focused ? document.getElementById(before.focused) : null;
    focused?.focus({ preventScroll: true });
    if (focused && before.range?.[0] != null) focused.setSelectionRange(...before.range);
    before.closed.forEach(id => closed.add(id));
    restore();
    history.scrollRestoration = "manual";
    scrollTo(0, before.top);
    landing = before.read;
    land();
    addEventListener("load", () => { land(); history.scrollRestoration = "auto"; }, { once: true });
  }

  // What was read stands where it stood, however much the thread has grown meanwhile.
  let landing = null;
  function land() {
    const element = landing && document.getElementById(landing.id);
    if (element) scrollBy({ top: element.getBoundingClientRect().top - landing.top, behavior: "instant" });
    if (!landing || !field()) return;
    if (element) landing = null;
    else if (!landing.asked) {
      landing.asked = true;
      say(`show ${landing.id.slice("comment-".length)}`);
    }
  }

  addEventListener("resize", () => dropAnchor());
  addEventListener("online", retry);
  addEventListener("pageshow", retry);
  addEventListener("focus", retry);

  function connect() {
    Blazor.start({
      circuit: {
        reconnectionHandler: {
          onConnectionDown() {
            isUp = false;
            attempt = 0;
            // Most breaks are over before anybody would have read of them.
            setTimeout(() => { if (!isUp) show("trying"); }, 1_500);
            retry();
          },
          onConnectionUp() {
            isUp = true;
            show("");
            sayPresence();
          },
        },
      },
    });
    Blazor.addEventListener("enhancedload", () => { changed(); ask(); });

    // A circuit that ended by a failure of its own says so only by showing this element; one that never began says nothing.
    const failure = document.getElementById("blazor-error-ui");
    if (failure) new MutationObserver(() => { if (isUp) renew(); }).observe(failure, { attributes: true });
    setTimeout(() => { if (isUp && one(".live-thread") && !field()) renew(); }, 20_000);
  }

  // Everything above, whenever the page has changed and before it is painted.
  function changed() {
    restore();
    welcome();
    tellTimes();
    decorate();
    settleWaiting();
    land();
    holdFast();
    markTarget();
    watch();
    greet();
    document.dispatchEvent(new CustomEvent("blog:changed"));
  }

  new MutationObserver(records => {
    if (records.some(({ target }) => target.closest("main"))) changed();
  }).observe(document.body, { childList: true, subtree: true });

  document.addEventListener("DOMContentLoaded", () => { if (window.Blazor) connect(); });
  tellTimes();
  returnToPlace();
  markTarget();
  ask();
})();
