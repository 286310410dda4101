/** A verdict in words and colour. */
export function VerdictChip({ isGood, words }: { readonly isGood: boolean; readonly words: string }) {
  return (
    <span className={`${isGood ? "p-chip--positive" : "p-chip--negative"} is-readonly is-inline`}>
      <i className={`p-icon--${isGood ? "security-tick" : "security-error"}`} aria-hidden="true" />
      <span className="p-chip__value">{words}</span>
    </span>
  );
}
