/**
 * The first of these that one request holds, rendered: about as many as fit into its bytes, never more but where there is only one.
 */
export function renderFitting<Item, Rendered extends { readonly bytes: Uint8Array }>(
  items: readonly Item[],
  bytesMax: number,
  render: (items: readonly Item[]) => Rendered,
): { readonly count: number; readonly rendered: Rendered } {
  let count = items.length;
  for (;;) {
    const rendered = render(items.slice(0, count));
    if (rendered.bytes.length <= bytesMax || count <= 1) return { count, rendered };
    // By what they need on average, and less each time.
    count = Math.max(1, Math.min(count - 1, Math.floor((count * bytesMax) / rendered.bytes.length)));
  }
}
