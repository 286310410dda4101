import { useEffect } from "react";
import { FieldList, type FieldPair } from "../../page/field-list.tsx";
import { localTime } from "../../page/text/time.tsx";
import { visible } from "../../page/text/visible.ts";
import { zoneName } from "../../page/text/zone.ts";
import { grouped } from "../../page/text/grouped.ts";
import { verdictWords } from "../../transparency/proof-badge.tsx";
import { toBase64 } from "../../transparency/verification/bytes.ts";
import { parseProof } from "../../transparency/verification/tlog-proof.ts";
import type { Verdict } from "../../transparency/verification/verify-event.ts";
import { divideDetails, valueText } from "../event/changes.ts";
import { descriptionOf, type Event, originWords, sourceName, targetOf } from "../event/event.ts";
import { fieldNamesOf, idThereOf } from "../event/field-names.ts";
import { PrintSheet } from "./print-sheet.tsx";

interface PrintedEventProps {
  readonly event: Event;
  readonly verdict: Verdict | undefined;
  /** As the server gave it, or why it gave none. */
  readonly proof: { readonly text: string } | { readonly why: string };
  readonly logKey: string | null | undefined;
  readonly onDone: () => void;
}

/** One event with its proof as text, which is printed once it stands there. */
export function PrintedEvent({ event, verdict, proof, logKey, onDone }: PrintedEventProps) {
  useEffect(() => {
    addEventListener("afterprint", onDone);
    print();
    return () => removeEventListener("afterprint", onDone);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when it stands there
  }, []);
  const { changes, rest } = divideDetails(event.details);
  const names = fieldNamesOf(event, zoneName());
  return (
    <PrintSheet
      title={`Event ${grouped(event.id)}`}
      facts={[
        [names.created, localTime(event.created)],
        [names.exactly, event.created],
        ...(event.occurred === event.created ? [] : [[names.occurred, event.occurred] as const]),
      ]}
    >
      <p className="ui-print__description">{descriptionOf(event)}</p>
      {originWords(event) !== undefined && <p>{originWords(event)}: Ironlog didn't see this happen.</p>}
      {changes.length > 0 && (
        <>
          <h2>Changes</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.field}>
                  <th scope="row">{visible(change.field)}</th>
                  <td>{visible(valueText(change.old))}</td>
                  <td>{visible(valueText(change.new))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <h2>Fields</h2>
      <FieldList
        fields={[...fieldsOf(event, names), ...rest.map(([name, value]) => [name, valueText(value)] as const)].map(
          ([name, value]) => [visible(name), visible(value ?? "")],
        )}
      />
      <h2>Proof</h2>
      <Proof event={event} verdict={verdict} proof={proof} logKey={logKey} />
    </PrintSheet>
  );
}

function Proof({ event, verdict, proof, logKey }: Pick<PrintedEventProps, "event" | "verdict" | "proof" | "logKey">) {
  const parsed = "text" in proof ? parseProof(proof.text) : undefined;
  return (
    <>
      <p>
        {verdictWords(verdict, event)}
        {verdict !== undefined && "steps" in verdict && `. ${verdict.steps.map(({ says }) => says).join(" ")}`}
      </p>
      <FieldList
        fields={[
          mono("Leaf hash", event.leaf_hash),
          ...(parsed === undefined
            ? []
            : [
                mono("Position in the log", String(parsed.index)),
                mono("Inclusion proof", parsed.path.map(toBase64).join("\n") || "—"),
                mono("Checkpoint", parsed.note.trimEnd()),
              ]),
          mono("Key of the log", logKey ?? "—"),
        ]}
      />
      {"why" in proof && <p>{proof.why}</p>}
      <p>
        To check it independently, download the proof and run: ironlog log check-proof event-{event.id}.tlog-proof --key
        &apos;{logKey ?? "VKEY"}&apos;
      </p>
    </>
  );
}

function mono(name: string, text: string): FieldPair {
  return [
    name,
    <span key={name} className="ui-mono">
      {text}
    </span>,
  ];
}

function fieldsOf(event: Event, names: ReturnType<typeof fieldNamesOf>): readonly (readonly [string, string | null])[] {
  const { realm_user_id: userThere } = event;
  const mirrored = [
    [names.idThere, idThereOf(event)],
    [names.userIdThere, userThere === null ? null : String(userThere)],
  ] as const;
  return [
    [names.username, event.username],
    [names.ip, event.ip],
    [names.forwarded, event.forwarded],
    [names.reporter, event.reporter],
    [names.endpoint, event.endpoint],
    [names.user_agent, event.user_agent],
    [names.type, event.type_words],
    [names.action, event.action],
    [names.outcome, event.outcome],
    [names.level, event.level],
    [names.target, targetOf(event)],
    [names.node, event.node === null ? null : `${event.hostname ?? ""} ${event.node}`.trim()],
    [names.source, sourceName(event.source)],
    ...mirrored.filter(([, value]) => value !== null),
    [names.session, event.session],
    [names.key, event.key],
    [names.trace_id, event.trace_id],
  ];
}
