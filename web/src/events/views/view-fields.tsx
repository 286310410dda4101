import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import type { Told } from "../../page/text/told.tsx";

export interface ViewValues {
  readonly name: string;
  readonly is_shared: boolean;
}

interface ViewFieldsProps {
  readonly form: {
    readonly values: ViewValues;
    told(name: "name", help?: string): Told;
    set(changes: Partial<ViewValues>): void;
  };
}

/** What a new view and a known one have in common. */
export function ViewFields({ form: { values, told, set } }: ViewFieldsProps) {
  return (
    <>
      <Input
        type="text"
        label="Name"
        required
        autoComplete="off"
        {...told("name")}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <CheckboxInput
        label="Share with everybody"
        help="Everybody who logs in finds it. Each sees the events that they may."
        checked={values.is_shared}
        onChange={({ currentTarget: { checked } }) => set({ is_shared: checked })}
      />
    </>
  );
}
