import { Type } from "typebox";

/** A time that there may not be, as the native API shows one. */
export function timeOrNull(description: string) {
  return Type.Union([Type.String({ format: "date-time" }), Type.Null()], { description });
}
