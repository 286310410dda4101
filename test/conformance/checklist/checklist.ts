import { auth } from "./auth.ts";
import { clients } from "./clients.ts";
import { describe } from "./describe.ts";
import { dispatch } from "./dispatch.ts";
import { events } from "./events.ts";
import { producers } from "./producers.ts";
import type { Statement } from "./statement.ts";

/** Every statement of the compatibility checklist, in its order. */
export const checklist: readonly Statement[] = [...auth, ...dispatch, ...describe, ...events, ...producers, ...clients];
