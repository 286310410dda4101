/** In place of a value that there isn't: the same dash everywhere, whatever font is around it. */
export function Absent() {
  return (
    <span className="ui-absent" role="img" aria-label="none">
      —
    </span>
  );
}
