import { useMemo, useState } from "react";
import { visible } from "../../page/text/visible.ts";
import { Marked } from "../search/marked.tsx";
import { type Change, diffLines, valueLines, valueText } from "./changes.ts";
import { grouped } from "../../page/text/grouped.ts";

const foldedBeyond = 200;
/** Drawing more than these at once would hold up the page. */
const unfoldedAtOnce = 5_000;

/** What an act changed, field by field. */
export function ChangesTable({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <table className="ui-changes" aria-label="Changes">
      <thead>
        <tr>
          <th>Field</th>
          <th>Before and after</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{visible(change.field)}</th>
            <td>
              <BeforeAndAfter old={change.old} now={change.new} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BeforeAndAfter({ old, now }: { readonly old: unknown; readonly now: unknown }) {
  const [before, after] = [valueLines(old), valueLines(now)];
  if (before.length === 1 && after.length === 1) {
    return (
      <div className="ui-diff">
        <Removed text={valueText(old)} />
        <Added text={valueText(now)} />
      </div>
    );
  }
  return <LinesDiff old={before} now={after} />;
}

/** Two texts, line by line; a long comparison is folded. */
export function LinesDiff({ old, now }: { readonly old: readonly string[]; readonly now: readonly string[] }) {
  const [shownMax, setShownMax] = useState(foldedBeyond);
  const lines = useMemo(() => diffLines(old, now), [old, now]);
  const shown = lines.slice(0, shownMax);
  const more = Math.min(lines.length - shown.length, unfoldedAtOnce);
  return (
    <div className="ui-diff" tabIndex={0} role="group" aria-label="Comparison">
      {shown.map(({ kind, text }, at) =>
        kind === "same" ? (
          <span key={at} className="ui-diff__same">
            {"  "}
            <Marked text={visible(text)} />
          </span>
        ) : kind === "removed" ? (
          <Removed key={at} text={text} />
        ) : (
          <Added key={at} text={text} />
        ),
      )}
      {more > 0 && (
        <button type="button" className="p-button is-dense" onClick={() => setShownMax(shown.length + more)}>
          {shown.length + more === lines.length ? "Show all" : `Show ${grouped(more)} more of`} {grouped(lines.length)}{" "}
          lines
        </button>
      )}
    </div>
  );
}

function Removed({ text }: { readonly text: string }) {
  return (
    <del>
      <span aria-hidden="true">− </span>
      <span className="u-off-screen">before: </span>
      <Marked text={visible(text)} />
    </del>
  );
}

function Added({ text }: { readonly text: string }) {
  return (
    <ins>
      <span aria-hidden="true">+ </span>
      <span className="u-off-screen">after: </span>
      <Marked text={visible(text)} />
    </ins>
  );
}
