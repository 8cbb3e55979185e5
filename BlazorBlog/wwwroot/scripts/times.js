// "5 minutes ago" grows with the page that stays open.
import { all, texts } from "./dom.js";

const units = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

function tell(time) {
  const age = Math.max(0, (Date.now() - new Date(time.dateTime)) / 1000);
  if (age > 30 * 86_400) return;
  const [unit, seconds] = units.find(([, length]) => age >= length) ?? ["second", 1];
  const words = unit === "second" ? texts().now : relative.format(-Math.floor(age / seconds), unit);
  if (words && time.textContent !== words) time.textContent = words;
}

export const tellTimes = () => all("time[data-ago]").forEach(tell);

setInterval(tellTimes, 30_000);
