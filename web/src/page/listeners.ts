/** Whom to tell that something has changed which isn't in React. */
export class Listeners {
  readonly #all = new Set<() => void>();

  /** As `useSyncExternalStore` wants it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  };

  tell(): void {
    for (const listener of this.#all) listener();
  }
}
