import { addedColumn } from "../page/list/added-column.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { RowAct } from "../page/list/row-act.tsx";
import { visible } from "../page/text/visible.ts";
import { commentOf, sourceWords, type SshKey } from "./ssh-key.ts";
import { Absent } from "../page/text/absent.tsx";

/** By its comment, or by its fingerprint where it has none. */
export function nameOfSshKey(key: SshKey): string {
  const comment = commentOf(key);
  return comment === "" ? key.fingerprint : visible(comment);
}

interface SshKeysTableProps {
  readonly keys: readonly SshKey[];
  /** Undefined where they are only looked at. */
  readonly onDelete: ((key: SshKey) => void) | undefined;
}

const columns: readonly ListColumn<SshKey>[] = [
  { title: "Source", render: sourceWords, sort: sourceWords },
  {
    title: "Comment",
    render: (key) => (commentOf(key) === "" ? <Absent /> : visible(commentOf(key))),
    sort: commentOf,
  },
  { title: "Fingerprint", render: ({ fingerprint }) => <span className="ui-mono">{fingerprint}</span> },
  addedColumn,
];

/** Public SSH keys. */
export function SshKeysTable({ keys, onDelete }: SshKeysTableProps) {
  return (
    <List
      label="SSH keys"
      items={keys}
      keyOf={({ id }) => id}
      columns={columns}
      renderActions={
        onDelete &&
        ((key) => <RowAct does="delete" words={`Delete ${nameOfSshKey(key)}`} onAct={() => onDelete(key)} />)
      }
    />
  );
}
