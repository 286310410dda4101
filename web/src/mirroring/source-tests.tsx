import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { Failure } from "../page/states.tsx";
import { grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshSources, type Source, wayWords } from "./source.ts";
import { Absent } from "../page/text/absent.tsx";

type Way = Answer<"POST /sources/{name}/check">["ways"][number];

interface SourceTestsProps {
  readonly source: Source;
  readonly mayCheck: boolean;
}

/** Asks the source what it shows, and whether it still holds what was mirrored. */
export function SourceTests({ source: { name, way, is_enabled: isEnabled }, mayCheck }: SourceTestsProps) {
  const id = useId();
  const path = { name };
  const check = useMutation({
    mutationFn: () => request("POST /sources/{name}/check", { path }),
    gcTime: 0,
    onSuccess: ({ ways }) =>
      announce(ways.every((way) => way.is_usable) ? `'${name}' can be read.` : `'${name}' can't be read in every way.`),
  });
  const compare = useMutation({
    mutationFn: () => request("POST /sources/{name}/compare", { path }),
    gcTime: 0,
    onSuccess: () => {
      announce(`Comparing '${name}'.`);
      void refreshSources();
    },
  });
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        Test
      </h3>
      <div className="ui-form__buttons">
        {mayCheck && (
          <ActionButton type="button" loading={check.isPending} onClick={() => check.mutate()}>
            Check what it shows
          </ActionButton>
        )}
        {isEnabled && way === "database" && (
          <ActionButton type="button" loading={compare.isPending} onClick={() => compare.mutate()}>
            Compare now
          </ActionButton>
        )}
      </div>
      {check.error !== null && <Failure error={check.error} />}
      {compare.error !== null && <Failure error={compare.error} />}
      {check.data !== undefined && <Ways ways={check.data.ways} />}
    </section>
  );
}

/** What each way shows, beside each other. */
function Ways({ ways }: { readonly ways: readonly Way[] }) {
  const rows: readonly (readonly [string, (way: Way) => React.ReactNode])[] = [
    ["Can be used", (way) => <Usable isUsable={way.is_usable} />],
    ["Problems", ({ problems }) => <Sentences sentences={problems} />],
    ["Shows", ({ notes }) => <Sentences sentences={notes} />],
    ["Events", ({ rows: count }) => (count === null ? <Absent /> : `about ${grouped(count)}`)],
    ["First", ({ first }) => (first === null ? <Absent /> : <Time value={first} />)],
    ["Last", ({ last }) => (last === null ? <Absent /> : <Time value={last} />)],
  ];
  return (
    <table className="ui-ways" aria-label="What the source shows">
      <thead>
        <tr>
          <td />
          {ways.map(({ way }) => (
            <th key={way} scope="col">
              {wayWords[way]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([title, shown]) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            {ways.map((way) => (
              <td key={way.way}>{shown(way)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Usable({ isUsable }: { readonly isUsable: boolean }) {
  return (
    <>
      <i className={`p-icon--${isUsable ? "success" : "error"}`} aria-hidden="true" /> {isUsable ? "yes" : "no"}
    </>
  );
}

function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return <Absent />;
  return sentences.map((sentence) => <div key={sentence}>{visible(sentence)}</div>);
}
