import { defineSweep } from "./sweep.ts";

defineSweep("postgres", { part: 2, of: 3 });
