import { defineSweep } from "./sweep.ts";

defineSweep("sqlite");
