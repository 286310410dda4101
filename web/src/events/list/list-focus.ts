/** Puts the focus on the row that had it last. */
export function focusList(): void {
  document.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus();
}

/** Shows the first row, and puts the focus on it. */
export function toTop(): void {
  document.querySelector("[data-testid='events']")?.scrollTo({ top: 0 });
  requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-row='0']")?.focus());
}
