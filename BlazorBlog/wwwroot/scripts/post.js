// Sends a form to the blog. A lost connection and an answer of another kind than was asked for are results too, and never exceptions.
import { isLive } from "./circuit.js";

export async function post(url, fields, accept = "application/json") {
  try {
    const response = await fetch(url, {
      method: "POST",
      // A live thread brings the card by itself.
      headers: { Accept: accept, ...isLive() && { Prefer: "return=minimal" } },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout?.(30_000),
    });
    const wait = response.headers.get("Retry-After") ?? "60";
    const result = await (accept === "application/json" ? response.json() : response.text()).catch(() => null);
    return { status: response.status, ok: response.ok && result !== null, result, wait };
  } catch {
    return { status: 0, ok: false, result: null };
  }
}
