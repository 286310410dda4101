import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { Time } from "../page/text/time.tsx";
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

/** Public SSH keys. */
export function SshKeysTable({ keys, onDelete }: SshKeysTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="SSH keys"
        responsive
        sortable
        headers={[
          { content: "Source", sortKey: "source" },
          { content: "Comment", sortKey: "comment" },
          { content: "Fingerprint" },
          { content: "Added", sortKey: "created", className: "ui-time ui-wide" },
          ...(onDelete === undefined ? [] : [{ content: "Actions", className: "ui-actions" }]),
        ]}
        rows={keys.map((key) => ({
          key: key.id,
          sortData: { source: sourceWords(key), comment: commentOf(key), created: key.created },
          columns: [
            { content: sourceWords(key), className: "ui-long" },
            { content: commentOf(key) === "" ? <Absent /> : visible(commentOf(key)), className: "ui-long" },
            { content: <span className="ui-mono">{key.fingerprint}</span>, className: "ui-long" },
            { content: <Time value={key.created} />, className: "ui-wide" },
            ...(onDelete === undefined
              ? []
              : [
                  {
                    className: "ui-actions",
                    content: (
                      <Button appearance="base" hasIcon dense onClick={() => onDelete(key)}>
                        <i className="p-icon--delete">Delete {nameOfSshKey(key)}</i>
                      </Button>
                    ),
                  },
                ]),
          ],
        }))}
      />
    </div>
  );
}
