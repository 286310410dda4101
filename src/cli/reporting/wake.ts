/** What one loop waits for and another one makes happen. */
export class Wake {
  #next = Promise.withResolvers<void>();

  /** Ends all waits that have begun. */
  now(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves with the next call of `now`. */
  wait(): Promise<void> {
    return this.#next.promise;
  }
}
