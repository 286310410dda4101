import { addressOf, base } from "../api/base.ts";
import { CopiedCode } from "../page/text/copy.tsx";
import type { Log } from "./log-query.ts";

/** What somebody outside can find out about the log, and what they need for it: first without this server, then by asking it. */
export function OutsideChecks({ log: { origin, log_key: known, checkpoint } }: { readonly log: Log }) {
  const key = known ?? "KEY";
  const server = addressOf("");
  return (
    <section className="ui-keys" aria-labelledby="keys-heading">
      <h2 id="keys-heading" className="p-heading--5">
        Check it yourself
      </h2>
      <p>
        You need the log&apos;s key, and a checkpoint from earlier. Keep both somewhere else: what comes from the server
        that it checks proves little.
      </p>
      <h3 className="p-muted-heading">Key</h3>
      <CopiedCode text={known ?? "none yet"} what="the log's key" />
      <h3 className="p-muted-heading">Origin</h3>
      <CopiedCode text={origin ?? "none yet"} what="the log's origin" />
      <h3 className="p-muted-heading">Root hash</h3>
      <CopiedCode text={checkpoint?.root ?? "none yet"} what="the root hash" />
      <h3 className="p-muted-heading">Checkpoint</h3>
      <p>
        What the log has signed. Keep <a href={`${base}/log/checkpoint`}>this one</a>, and fetch another one now and
        then.
      </p>
      <CopiedCode
        text={`curl --fail -o checkpoint ${server}/log/checkpoint`}
        what="the command that fetches a checkpoint"
      />
      <h3 className="p-muted-heading">Without this server</h3>
      <p>
        That an event was recorded so, and not changed since: by its proof, or by an evidence bundle of many. Both are
        saved on the events page, and checked where there is neither the log nor a network.
      </p>
      <CopiedCode
        text={`ironlog log check-proof event-1.tlog-proof --key '${key}'`}
        what="the command that checks a proof"
      />
      <CopiedCode
        text={`ironlog log check-bundle evidence.tar --key '${key}'`}
        what="the command that checks a bundle"
      />
      <h3 className="p-muted-heading">By asking this server</h3>
      <p>
        That all hashes lead to what was signed, and that the log has only grown since your checkpoint. With the API key
        of an administrator (<code>--apikey -</code>) each event is hashed again too.
      </p>
      <CopiedCode
        text={`ironlog log verify --url ${server} --key '${key}' --since checkpoint`}
        what="the command that verifies the log"
      />
    </section>
  );
}
