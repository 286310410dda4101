/** What each record says of the log that it comes from. */
export interface LogFacts {
  /** The log's origin, as its checkpoints name it. */
  readonly origin: string;
  /** Ironlog's. */
  readonly version: string;
  /** Of the server. */
  readonly hostname: string;
}
