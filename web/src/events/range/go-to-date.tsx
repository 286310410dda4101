import { type FormEvent, useState } from "react";
import { useZone } from "../../page/text/zone.ts";
import type { Order } from "../list/event-reader.ts";
import { readWallField, WallField } from "./wall-field.tsx";

interface GoToDateProps {
  readonly order: Order;
  readonly onGo: (at: string) => void;
}

/** Lets the list begin at a time. The filter stays as it is. */
export function GoToDate({ order, onGo }: GoToDateProps) {
  const zone = useZone();
  const [value, setValue] = useState("");
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = readWallField(event.currentTarget, "at");
    setError(read.error ?? (read.time === undefined ? "Give a day and a time." : undefined));
    if (read.time !== undefined) return onGo(read.time);
    const field = event.currentTarget.elements.namedItem("at");
    if (field instanceof HTMLElement) field.focus();
  };
  return (
    <section>
      <h3 className="p-muted-heading">Go to date</h3>
      <form noValidate onSubmit={submit} aria-label="Go to date">
        <WallField
          name="at"
          label={`Date (${zone})`}
          help={`The list begins with the ${order === "oldest" ? "oldest event from then on" : "newest event up to then"}. The filter stays.`}
          value={value}
          error={error}
          onChange={setValue}
        />
        <button type="submit" className="p-button">
          Go
        </button>
      </form>
    </section>
  );
}
