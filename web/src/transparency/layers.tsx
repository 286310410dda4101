import type { Item } from "../api/request.ts";
import { type ListColumn, List } from "../page/list/list.tsx";
import { Absent } from "../page/text/absent.tsx";
import { counted, grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { VerdictChip } from "./verdict-chip.tsx";

type Verification = Item<"GET /log/verifications">;
type Layer = Verification["layers"][number];

/** What each layer is, in the order in which they rest on each other. */
const layerWords: Readonly<Record<Layer["name"], { readonly title: string; readonly what: string }>> = {
  events: { title: "Events", what: "Each is what was recorded, and none is missing." },
  tree: { title: "Tree", what: "What was signed follows from the events: hashes, checkpoints, keys." },
  state: { title: "State", what: "Accounts, keys, settings, machines and scripts are what events say of them." },
  schema: { title: "Schema", what: "Tables, indexes and guards of the database are those that Ironlog made." },
  appends: { title: "Appends", what: "The end of the log was left by a server that has its append key." },
};

interface Row {
  readonly name: Layer["name"];
  readonly layer: Layer | undefined;
  /** Whether the last verification tells of layers. */
  readonly isTold: boolean;
  readonly fault: Verification["faults"][number] | undefined;
  /** When it was looked at; undefined where it wasn't. */
  readonly checked: string | undefined;
}

const columns: readonly ListColumn<Row>[] = [
  {
    title: "Layer",
    render: ({ name }) => (
      <>
        {layerWords[name].title}
        <div className="u-text--muted">{layerWords[name].what}</div>
      </>
    ),
  },
  {
    title: "Verdict",
    render: ({ layer, isTold: told, fault }) => (
      <>
        <LayerChip layer={layer} isTold={told} />
        {fault !== undefined && (
          <div>
            {fault.event !== null && `Event ${grouped(fault.event)}: `}
            {visible(fault.what)}
          </div>
        )}
      </>
    ),
  },
  { title: "Up to", render: ({ layer }) => (layer?.checked == null ? <Absent /> : counted(layer.checked, "event")) },
  {
    title: "Checked",
    className: "ui-time",
    render: ({ checked }) => (checked === undefined ? <Absent /> : <Time value={checked} />),
  },
];

/** What the last verification found of each layer of the log. */
export function Layers({ last }: { readonly last: Verification | null }) {
  const names = Object.keys(layerWords) as readonly Layer["name"][];
  const rows = names.map((name): Row => {
    const layer = last?.layers.find((one) => one.name === name);
    return {
      name,
      layer,
      isTold: last !== null && isTold(last),
      fault: last?.faults.find((one) => one.layer === name),
      checked: layer?.verdict === "ok" || layer?.verdict === "failed" ? last?.finished : undefined,
    };
  });
  return (
    <section className="ui-section" aria-labelledby="layers-heading">
      <h2 id="layers-heading" className="p-heading--5">
        Layers
      </h2>
      <List label="Layers" items={rows} keyOf={({ name }) => name} columns={columns} />
    </section>
  );
}

/** False of a verdict of a version that looked at all of them, and told of none. */
function isTold({ reason, layers }: Verification): boolean {
  return reason !== null || layers.some(({ verdict }) => verdict !== "unchecked");
}

function LayerChip({ layer, isTold: told }: Pick<Row, "layer" | "isTold">) {
  if (layer === undefined || !told) return <span>Not yet checked</span>;
  if (layer.verdict === "unchecked") return <span>Not checked</span>;
  if (layer.verdict === "ok") return <VerdictChip isGood words="ok" />;
  return <VerdictChip isGood={false} words={`failed: ${counted(layer.faults, "fault")}`} />;
}
