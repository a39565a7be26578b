const name = '(?:"(?:[^"]|"")*"|[^\\s.";(]+)';
const qualified = `(${name}\\.${name})`;
const created = new RegExp(`^CREATE (?:UNLOGGED )?TABLE ${qualified}`);
const attached = new RegExp(`^ALTER TABLE ONLY ${qualified} ATTACH PARTITION ${qualified} `);

/**
 * The tables that hold rows, as `pg_dump --schema-only` prints them: whoever counts rows has to have seen each. Names are as
 * PostgreSQL quotes them, `schema.name`, which is what `format('%I.%I', …)` gives.
 */
export class PrintedTables {
  readonly #tables = new Set<string>();
  readonly #parents = new Map<string, string>();

  /** Takes the statements of an entry of the type, the first of which makes or attaches the table. */
  add(type: string, sql: string): void {
    if (type === 'TABLE') {
      const table = created.exec(sql)?.[1];
      if (table !== undefined && !/^PARTITION BY /m.test(sql)) this.#tables.add(table);
    } else if (type === 'TABLE ATTACH') {
      const [, parent, table] = attached.exec(sql) ?? [];
      if (parent !== undefined && table !== undefined) this.#parents.set(table, parent);
    }
  }

  /** Each with the root of its partitions, or itself where it is no partition. */
  withRoots(): Record<string, string> {
    return Object.fromEntries([...this.#tables].toSorted().map((table) => [table, this.#rootOf(table)]));
  }

  #rootOf(table: string): string {
    const parent = this.#parents.get(table);
    return parent === undefined ? table : this.#rootOf(parent);
  }
}
