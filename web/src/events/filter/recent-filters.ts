import { kept } from "../../api/base.ts";

const key = kept("ironlog.filters");
const keptMax = 5;

/** The filters that were used last in this browser, newest first. */
export function recentFilters(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(stored) ? stored.filter((one) => typeof one === "string").slice(0, keptMax) : [];
  } catch {
    return [];
  }
}

/** Remembers a filter that was used. */
export function rememberFilter(text: string): void {
  if (text === "") return;
  try {
    localStorage.setItem(
      key,
      JSON.stringify([text, ...recentFilters().filter((one) => one !== text)].slice(0, keptMax)),
    );
  } catch {
    // Storage may be forbidden: then none are remembered.
  }
}

/** Forgets them, as they may name what the next user may not see. */
export function forgetFilters(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage may be forbidden: then there is nothing.
  }
}
