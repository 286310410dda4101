import type { ReactNode } from "react";
import { Time } from "./text/time.tsx";
import { visible } from "./text/visible.ts";
import { Absent } from "./text/absent.tsx";

export type FieldPair = readonly [name: string, value: ReactNode];

/** What is known of one thing; a dash for what isn't there. */
export function FieldList({ fields }: { readonly fields: readonly FieldPair[] }) {
  return (
    <dl className="ui-fields">
      {fields.map(([name, value]) => (
        <div key={name} className="ui-fields__pair">
          <dt>{name}</dt>
          <dd>{value === null || value === "" ? <Absent /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface MaybeTimeProps {
  readonly value: string | null;
  /** What is said where there is none. */
  readonly none?: "not yet" | "never";
}

/** A time that may be still to come. */
export function MaybeTime({ value, none = "not yet" }: MaybeTimeProps) {
  return value === null ? none : <Time value={value} />;
}

/** An address or the like, where there is one. */
export function MaybeMono({ text }: { readonly text: string | null | undefined }) {
  return text === null || text === undefined ? <Absent /> : <span className="ui-mono">{visible(text)}</span>;
}
