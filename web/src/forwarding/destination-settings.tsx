import { EventLink } from "../events/event-link.tsx";
import { printFilterPairs } from "../events/filter/filter-pairs.ts";
import { type FieldPair, FieldList, MaybeTime } from "../page/field-list.tsx";
import { State } from "../page/list/state.tsx";
import { grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { behindWords, type Destination } from "./destination.ts";
import { destinationStates } from "./destination-state.ts";
import {
  formatWords,
  isSecret,
  type SettingName,
  settingNames,
  settings,
  tokenLabel,
  transports,
} from "./transports.ts";

/** All that is known of a destination, without its secrets. */
export function DestinationSettings({ destination }: { readonly destination: Destination }) {
  const { transport, format, filter, exclude } = destination;
  const known = settingNames(transport, format).flatMap((name): readonly FieldPair[] => {
    const shown = shownSetting(name, destination);
    const label = name === "token" ? tokenLabel(transport) : settings[name].label;
    return shown === undefined ? [] : [[label, shown]];
  });
  const filterText = printFilterPairs({ filter, exclude });
  const fields: readonly FieldPair[] = [
    ["State", <State key="state" state={destinationStates[destination.state]} />],
    ["Behind", behindWords(destination)],
    ["Has all up to", <Reached key="delivered" id={destination.delivered_to} />],
    ["Last delivery", <MaybeTime key="at" value={destination.delivered_at} />],
    ["Delivered", `${grouped(destination.delivered)}, repeats included`],
    ["In the last minute", grouped(destination.delivered_last_minute)],
    ["Dead letters", grouped(destination.dead_letters)],
    ["Receipt", <Receipt key="receipt" destination={destination} />],
    ["Transport", transports[transport].words],
    ["Format", formatWords[format]],
    ...known,
    ["Filter", filterText === "" ? noFilter(transport) : <Mono key="filter" text={filterText} />],
    ["Added", <Time key="created" value={destination.created} />],
    ["Changed", <Time key="updated" value={destination.updated} />],
  ];
  return <FieldList fields={fields} />;
}

function noFilter(transport: Destination["transport"]): string {
  return transport === "email" ? "alerts alone" : "all events";
}

function Reached({ id }: { readonly id: number }) {
  return id === 0 ? "nothing yet" : <EventLink id={id} />;
}

/** Up to where the log itself says that it was delivered. */
function Receipt({ destination: { receipt, receipt_at: at } }: { readonly destination: Destination }) {
  if (receipt === null || at === null) return "none yet";
  return (
    <>
      up to <EventLink id={receipt} />, <Time value={at} />
    </>
  );
}

function Mono({ text }: { readonly text: string }) {
  return <span className="ui-mono">{visible(text)}</span>;
}

function shownSetting(name: SettingName, destination: Destination): React.ReactNode {
  if (isSecret(name)) return destination[`has_${name}`] ? "set" : undefined;
  const facts = settings[name];
  const value = destination[name];
  if (value === undefined || value === false) return undefined;
  if (facts.kind === "flag") return "yes";
  if (facts.kind === "pem") return "given";
  if (facts.kind === "choice") return facts.choices.find(([choice]) => choice === value)?.[1] ?? String(value);
  if (facts.kind === "number") return grouped(Number(value) / (facts.unit ?? 1));
  return <Mono text={[value].flat().join(", ")} />;
}
