import { defineGroupSweep, defineSweep } from "./sweep.ts";

defineSweep("sqlite", { part: 1, of: 1 });
defineGroupSweep("sqlite");
