/** The number of an id in a path; undefined for what no id can be. */
export function findPathId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
