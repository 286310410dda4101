import { useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import type { Told } from "../page/text/told.tsx";

type StartKind = "now" | "beginning" | "event" | "time";

const kinds: readonly { readonly value: StartKind; readonly label: string }[] = [
  { value: "now", label: "With the next event" },
  { value: "beginning", label: "At the beginning of the log" },
  { value: "event", label: "With an event" },
  { value: "time", label: "At a time" },
];

interface StartFieldProps {
  /** Where the server refuses it, why. */
  readonly told: (help?: string) => Told;
  /** As the API takes it; empty while something is missing. */
  readonly onChange: (start: string) => void;
  readonly first?: StartKind;
}

/** With which event a destination begins. */
export function StartField({ told, onChange, first = "now" }: StartFieldProps) {
  const id = useId();
  const [kind, setKind] = useState<StartKind>(first);
  const isComplete = kind === "now" || kind === "beginning";
  return (
    <>
      <Select
        label="Begin"
        options={[...kinds]}
        value={kind}
        {...(isComplete && told())}
        onChange={(event) => {
          const chosen = kinds.find(({ value }) => value === event.target.value)?.value ?? "now";
          setKind(chosen);
          onChange(chosen === "now" || chosen === "beginning" ? chosen : "");
        }}
      />
      {kind === "event" && (
        <Input
          id={id}
          type="text"
          inputMode="numeric"
          label="Number of the first event"
          autoComplete="off"
          {...told()}
          onChange={(event) => onChange(event.target.value.replaceAll(/[\s,]/g, ""))}
        />
      )}
      {kind === "time" && (
        <Input
          id={id}
          type="datetime-local"
          step={1}
          label="Time of the first event"
          {...told("On this computer's clock.")}
          onChange={({ target: { value } }) => onChange(value === "" ? "" : new Date(value).toISOString())}
        />
      )}
    </>
  );
}
