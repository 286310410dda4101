import { grouped } from "./grouped.ts";
import { Absent } from "./absent.tsx";

/** A number that should be 0; null where nobody can tell. */
export function Alarm({ count }: { readonly count: number | null }) {
  if (count === null) return <Absent />;
  return (
    <>
      {count > 0 && <i className="p-icon--error" aria-hidden="true" />} {grouped(count)}
    </>
  );
}
