import { useEffect, useState } from "react";
import { Link } from "@tanstack/react-router";
import { UserLink } from "../accounts/user/user-link.tsx";
import { MaybeTime } from "../page/field-list.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
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
  const columns: readonly ListColumn<Finding>[] = [
    { title: "Username", render: ({ username }) => <Who name={username} />, sort: ({ username }) => username },
    { title: "What", render: (item) => <What item={item} />, sort: ({ what }) => what },
    {
      title: since,
      className: "ui-time",
      render: ({ since: at }) => (at === null ? <Absent /> : <Time value={at} />),
      sort: ({ since: at }) => at ?? "",
    },
    ...(hasBy
      ? [{ title: "By", render: ({ by }: Finding) => <Who name={by} />, sort: ({ by }: Finding) => by ?? "" }]
      : []),
    ...(hasUse
      ? [
          {
            title: "Last used",
            className: "ui-time",
            render: ({ last_used: used }: Finding) => <MaybeTime value={used} none="never" />,
            sort: ({ last_used: used }: Finding) => used ?? "",
          },
        ]
      : []),
  ];
  return <List label={title} items={items} keyOf={(item) => items.indexOf(item)} columns={columns} />;
}

/** Somebody; of what the command line on the server did there is nobody. */
function Who({ name }: { readonly name: string | null }) {
  return name === null || name === "" ? <Absent /> : <UserLink username={name} />;
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
