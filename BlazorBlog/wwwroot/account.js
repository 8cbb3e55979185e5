// Passkeys: the browser asks the person, and its answer is sent with the form. Without this script, or without passkeys in the browser,
// the forms that need them stay hidden.
(() => {
  "use strict";

  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;

  async function options(form) {
    const response = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
    if (response.status === 403) return null;
    if (!response.ok) throw new Error(`The blog answered ${response.status}.`);
    return response.json();
  }

  async function ask(form) {
    const json = await options(form);
    // The sign-in is too old: sent as it is, the form leads to signing in again.
    if (!json) return "";
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
  }

  function say(form, text) {
    const place = form.querySelector("[data-passkey-error]");
    place.textContent = text;
    place.hidden = !text;
  }

  document.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches("[data-passkey]") || form.elements.Credential.value) return;
    event.preventDefault();
    say(form, "");
    try {
      const answer = await ask(form);
      form.elements.Credential.value = answer && JSON.stringify(answer);
      form.submit();
    } catch {
      // Cancelled, or there is no such passkey: the browser does not tell which, and has said it in its own window.
      say(form, form.dataset.failed);
    }
  });

  function show() {
    for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = false;
  }

  show();
  // From one of these pages to the next, Blazor exchanges what they show and runs no script again.
  addEventListener("load", () => window.Blazor?.addEventListener?.("enhancedload", show));
})();
