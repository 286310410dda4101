/** A look that all who ask for it at once share: as all gauges of a scrape do. */
export function sharedLook<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let looking: Promise<Seen> | undefined;
  return () => {
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  };
}
