import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { visible } from "../page/text/visible.ts";
import type { ApiKey } from "./api-key.ts";

interface DeleteApiKeyProps {
  readonly apiKey: ApiKey;
  /** Whose it is, where it isn't the reader's own. */
  readonly owner?: string;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before an API key goes. */
export function DeleteApiKey({ apiKey: { name, fingerprint }, owner, ...act }: DeleteApiKeyProps) {
  const key = `API key '${visible(name)}'`;
  return (
    <ConfirmedAct
      title={`Delete ${key}${owner === undefined ? "" : ` of '${visible(owner)}'`}?`}
      verb="Delete API key"
      done={`Deleted ${key}.`}
      {...act}
    >
      Its fingerprint is <span className="ui-mono">{fingerprint}</span>. Programs that use it are refused from now on,
      and that is recorded. Its events stay in the log.
    </ConfirmedAct>
  );
}
