import { preferred } from "./preference.ts";

/** Whether a key is one that the page may act on: into no field, no question is open, and nobody has turned letters off. */
export function isShortcut(event: KeyboardEvent): boolean {
  return !isTyping(event) && preferred("letters") !== "off" && document.querySelector(".p-modal") === null;
}

/** Whether a key press goes into a field, or is one that the browser or the system wants. */
function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
