import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import type { Item } from "../api/request.ts";
import { Absent } from "../page/text/absent.tsx";
import { grouped } from "../page/text/grouped.ts";
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

/** What the last verification found of each layer of the log. */
export function Layers({ last }: { readonly last: Verification | null }) {
  const names = Object.keys(layerWords) as readonly Layer["name"][];
  const rows = names.map((name) => {
    const layer = last?.layers.find((one) => one.name === name);
    const fault = last?.faults.find((one) => one.layer === name);
    return {
      key: name,
      columns: [
        {
          content: (
            <>
              {layerWords[name].title}
              <div className="u-text--muted">{layerWords[name].what}</div>
            </>
          ),
          role: "rowheader",
          "data-heading": "Layer",
        },
        {
          content: (
            <>
              <LayerChip layer={layer} isTold={last !== null && isTold(last)} />
              {fault !== undefined && (
                <div>
                  {fault.event !== null && `Event ${grouped(fault.event)}: `}
                  {visible(fault.what)}
                </div>
              )}
            </>
          ),
          "data-heading": "Verdict",
        },
        {
          content: layer?.checked == null ? <Absent /> : `${grouped(layer.checked)} events`,
          "data-heading": "Up to",
        },
        {
          content:
            last === null || (layer?.verdict !== "ok" && layer?.verdict !== "failed") ? (
              <Absent />
            ) : (
              <Time value={last.finished} />
            ),
          "data-heading": "Checked",
        },
      ],
    };
  });
  return (
    <section className="ui-section" aria-labelledby="layers-heading">
      <h2 id="layers-heading" className="p-heading--5">
        Layers
      </h2>
      <MainTable
        className="p-table--mobile-card ui-layers"
        aria-label="Layers"
        headers={["Layer", "Verdict", "Up to", "Checked"].map((content) => ({ content }))}
        rows={rows}
      />
    </section>
  );
}

/** False of a verdict of a version that looked at all of them, and told of none. */
function isTold({ reason, layers }: Verification): boolean {
  return reason !== null || layers.some(({ verdict }) => verdict !== "unchecked");
}

interface LayerChipProps {
  readonly layer: Layer | undefined;
  /** Whether the last verification tells of layers. */
  readonly isTold: boolean;
}

function LayerChip({ layer, isTold: told }: LayerChipProps) {
  if (layer === undefined || !told) return <span>Not yet checked</span>;
  if (layer.verdict === "unchecked") return <span>Not checked</span>;
  if (layer.verdict === "ok") return <VerdictChip isGood words="ok" />;
  return (
    <VerdictChip
      isGood={false}
      words={layer.faults === 1 ? "failed: 1 fault" : `failed: ${grouped(layer.faults)} faults`}
    />
  );
}
