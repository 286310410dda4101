import assert from "node:assert/strict";
import {
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryCompiler,
  Transaction,
} from "kysely";
import type { DomainTables } from "../tables.ts";
import type { ActionTransaction, DomainTransaction } from "./writer.ts";

/** Makes Kysely transactions over a connection whose `begin` and `commit` are somebody else's work. */
export class TransactionFactory {
  readonly #dialect: Dialect;
  readonly #compiler: QueryCompiler;
  readonly #adapter: DialectAdapter;
  readonly #driver: Driver;
  readonly #connection: DatabaseConnection;

  constructor(dialect: Dialect, connection: DatabaseConnection) {
    this.#dialect = dialect;
    this.#compiler = dialect.createQueryCompiler();
    this.#adapter = dialect.createAdapter();
    this.#driver = dialect.createDriver();
    this.#connection = connection;
  }

  /** A transaction for the action that has just been opened. */
  openAction(opened: Promise<unknown>): ActionTransaction {
    const { tx, end } = this.open<DomainTables>();
    // The mark is for the compiler alone.
    return { tx: tx as DomainTransaction, opened, end };
  }

  /** A transaction that works until `end` is called. */
  open<Tables>(): { readonly tx: Transaction<Tables>; readonly end: ActionTransaction["end"] } {
    let isOpen = true;
    const connection = this.#connection;
    const executor = new DefaultQueryExecutor(this.#compiler, this.#adapter, {
      async provideConnection(consumer) {
        assert(isOpen, "a statement came after its action had ended: was a promise not awaited?");
        return consumer(connection);
      },
    });
    const config = { dialect: this.#dialect };
    const tx = new Transaction<Tables>({ config, dialect: this.#dialect, driver: this.#driver, executor });
    return {
      tx,
      end() {
        isOpen = false;
      },
    };
  }
}
