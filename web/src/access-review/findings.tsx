import { useEffect, useState } from "react";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { Link } from "@tanstack/react-router";
import { UserLink } from "../accounts/user/user-link.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { type AccessReview, reviewCsv } from "./access-review.ts";
import { Absent } from "../page/text/absent.tsx";

type Finding = AccessReview["items"][number];

/** What each kind is called, what its time is, and what is said where there is none. */
const kinds: Readonly<
  Record<Finding["finding"], { readonly title: string; readonly since: string; readonly none: string }>
> = {
  "reads everything": { title: "Administrators and auditors", since: "Since", none: "Nobody." },
  "unused account": { title: "Accounts that nobody uses", since: "Made", none: "Every active account is in use." },
  "unused key": { title: "API keys that nobody uses", since: "Made", none: "Every API key is in use." },
  "endless key": { title: "API keys without an end", since: "Made", none: "Every API key has an end." },
  change: { title: "Changes", since: "When", none: "Nobody's access has changed." },
};

/** A review, kind by kind, and as files. */
export function Findings({ review }: { readonly review: AccessReview }) {
  return (
    <>
      <p>
        Made <Time value={review.made} />, with changes since <Time value={review.since} />.{" "}
        <Download name="access-review.csv" type="text/csv" text={reviewCsv(review)}>
          Download CSV
        </Download>{" "}
        <Download name="access-review.json" type="application/json" text={JSON.stringify(review, null, 2)}>
          Download JSON
        </Download>
      </p>
      {Object.entries(kinds).map(([finding, { title, since, none }]) => {
        const items = review.items.filter((item) => item.finding === finding);
        return (
          <section key={finding} aria-label={title}>
            <h2 className="p-heading--5">
              {title} <span className="u-text--muted">{items.length}</span>
            </h2>
            {items.length === 0 ? <p>{none}</p> : <FindingsTable title={title} since={since} items={items} />}
          </section>
        );
      })}
      {review.changes_left_out > 0 && (
        <p>{review.changes_left_out} older changes are not in it: the events have them.</p>
      )}
    </>
  );
}

interface FindingsTableProps {
  readonly title: string;
  readonly since: string;
  readonly items: readonly Finding[];
}

function FindingsTable({ title, since, items }: FindingsTableProps) {
  const hasUse = items.some(({ finding }) => finding !== "change");
  const hasBy = items.some(({ by }) => by !== null);
  return (
    <div className="ui-list">
      <MainTable
        aria-label={title}
        responsive
        sortable
        paginate={50}
        headers={[
          { content: "Username", sortKey: "username" },
          { content: "What", sortKey: "what" },
          { content: since, sortKey: "since", className: "ui-time" },
          ...(hasBy ? [{ content: "By", sortKey: "by" }] : []),
          ...(hasUse ? [{ content: "Last used", sortKey: "used", className: "ui-time" }] : []),
        ]}
        rows={items.map((item) => ({
          sortData: { ...item, since: item.since ?? "", by: item.by ?? "", used: item.last_used ?? "" },
          columns: [
            {
              content: item.username === "" ? <Absent /> : <UserLink username={item.username} />,
              className: "ui-long",
            },
            { content: <What item={item} />, className: "ui-long" },
            { content: item.since === null ? <Absent /> : <Time value={item.since} /> },
            ...(hasBy ? [{ content: item.by === null ? <Absent /> : visible(item.by), className: "ui-long" }] : []),
            ...(hasUse ? [{ content: item.last_used === null ? "never" : <Time value={item.last_used} /> }] : []),
          ],
        }))}
      />
    </div>
  );
}

function What({ item: { what, event } }: { readonly item: Finding }) {
  const words = what === "" ? <Absent /> : visible(what);
  return event === null ? (
    words
  ) : (
    <Link to="/" search={{ event }}>
      {words}
    </Link>
  );
}

interface DownloadProps {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly children: string;
}

/** A file that the page has made. */
function Download({ name, type, text, children }: DownloadProps) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [text, type]);
  return (
    <a className="p-button is-dense" href={address} download={name}>
      {children}
    </a>
  );
}
