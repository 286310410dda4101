import { CopiedCode } from "../page/text/copy.tsx";
import { Notice } from "../page/states.tsx";
import { checkAgain, proofUrl } from "./proofs.ts";
import type { ShownEvent } from "./verification/recorded-event.ts";
import { toBase64 } from "./verification/bytes.ts";
import type { Verdict } from "./verification/verify-event.ts";
import { counted } from "../page/text/grouped.ts";

interface ProofSectionProps {
  readonly event: ShownEvent;
  readonly verdict: Verdict | undefined;
  readonly logKey: string | null | undefined;
}

/** What was checked of an event and how, and how to check it without trusting this page. */
export function ProofSection({ event, verdict, logKey }: ProofSectionProps) {
  const file = `event-${event.id}.tlog-proof`;
  return (
    <section aria-labelledby="proof-heading" id="proof">
      <h3 id="proof-heading" className="p-muted-heading">
        Proof
      </h3>
      {verdict?.state === "broken" && (
        <Notice severity="negative" title="This event does not match the signed log. Don't rely on it.">
          {verdict.says} Keep the log as it is and run: <code>ironlog log verify</code>
        </Notice>
      )}
      {verdict?.state === "not-sealed" && <p>The next checkpoint will cover it.</p>}
      {verdict?.state === "could-not-check" && (
        <p>
          {verdict.reason}{" "}
          <button type="button" className="p-button--link" onClick={() => checkAgain(event)}>
            Try again
          </button>
        </p>
      )}
      {verdict !== undefined && "steps" in verdict && (
        <ul className="p-list">
          {verdict.steps.map(({ step, verdict: found, says }) => (
            <li key={step} className="p-list__item">
              <i className={`p-icon--${found === "fails" ? "error" : "success"}`}>{found}</i> {says}
            </li>
          ))}
        </ul>
      )}
      {verdict !== undefined && "checkpoint" in verdict && (
        <dl className="ui-fields u-sv2">
          <dt>Checkpoint</dt>
          <dd>{counted(verdict.checkpoint.size, "event")}</dd>
          <dt>Root hash</dt>
          <dd className="ui-mono">{toBase64(verdict.checkpoint.root)}</dd>
          <dt>Leaf hash</dt>
          <dd className="ui-mono">{event.leaf_hash}</dd>
        </dl>
      )}
      <p>This check was done by code from the server it checks. To check independently, run:</p>
      <CopiedCode
        text={`ironlog log check-proof ${file} --key '${logKey ?? "VKEY"}'`}
        what="the command that checks the proof"
      />
      <p className="u-sv1">
        <a href={proofUrl(event.id)} download={file}>
          Download the proof
        </a>
      </p>
    </section>
  );
}
