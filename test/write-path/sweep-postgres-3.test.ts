import { defineSweep } from "./sweep.ts";

defineSweep("postgres", { part: 3, of: 3 });
