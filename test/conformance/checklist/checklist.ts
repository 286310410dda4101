import { auth } from "./statements/auth.ts";
import { clients } from "./statements/clients.ts";
import { describe } from "./statements/describe.ts";
import { dispatch } from "./statements/dispatch.ts";
import { events } from "./statements/events.ts";
import { producers } from "./statements/producers.ts";
import type { Statement } from "./statement.ts";

/** Every statement of the compatibility checklist, in its order. */
export const checklist: readonly Statement[] = [...auth, ...dispatch, ...describe, ...events, ...producers, ...clients];
