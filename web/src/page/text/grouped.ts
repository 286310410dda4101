/** A number with separators. */
export function grouped(number: number): string {
  return number.toLocaleString("en-GB");
}
