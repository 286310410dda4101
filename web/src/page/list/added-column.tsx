import { Time } from "../text/time.tsx";
import type { ListColumn } from "./list.tsx";

/** When something was added; left out where there is no room for it. */
export const addedColumn: ListColumn<{ readonly created: string }> = {
  title: "Added",
  className: "ui-time ui-wide",
  render: ({ created }) => <Time value={created} />,
  sort: ({ created }) => created,
};
