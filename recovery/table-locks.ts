import type { ArchiveEntry } from './archive-entry.ts';

/** What a job locks: groups of tables, and whether another session may lock them so at the same time. */
export interface Locking {
  groups: readonly number[];
  shared: boolean;
}

/** In no archive: everybody shares it but a job of which no table is known, which has it alone. */
const everything = -1;

interface Holders {
  alone: unknown;
  sharing: Map<unknown, number>;
  /** How often `alone` has it: one session may lock a table again and again. */
  times: number;
}

/** Which session has locked which tables. A session never waits for itself. */
export class TableLocks {
  readonly #held = new Map<number, Holders>();

  /** The group that another session has locked so that `session` would have to wait. */
  blocking({ groups, shared }: Locking, session: unknown): number | undefined {
    return wanted(groups, shared).find(([group, isShared]) => {
      const held = this.#held.get(group);
      if (held === undefined) return false;
      if (held.times > 0 && held.alone !== session) return true;
      return !isShared && (held.sharing.size > 1 || (held.sharing.size === 1 && !held.sharing.has(session)));
    })?.[0];
  }

  take({ groups, shared }: Locking, session: unknown): void {
    for (const [group, isShared] of wanted(groups, shared)) {
      const held = this.#held.get(group) ?? { alone: undefined, sharing: new Map(), times: 0 };
      this.#held.set(group, held);
      if (isShared) held.sharing.set(session, (held.sharing.get(session) ?? 0) + 1);
      else {
        held.alone = session;
        held.times += 1;
      }
    }
  }

  /** Gives the groups that were let go of. */
  release({ groups, shared }: Locking, session: unknown): number[] {
    return wanted(groups, shared).map(([group, isShared]) => {
      const held = this.#held.get(group);
      if (held === undefined) return group;
      const left = (held.sharing.get(session) ?? 0) - 1;
      if (!isShared) held.times -= 1;
      else if (left > 0) held.sharing.set(session, left);
      else held.sharing.delete(session);
      if (held.times === 0 && held.sharing.size === 0) this.#held.delete(group);
      return group;
    });
  }
}

/** Whether a job that takes a group lets others take it as well. */
export function shares({ groups, shared }: Locking, group: number): boolean {
  return wanted(groups, shared).some(([one, isShared]) => one === group && isShared);
}

function wanted(groups: readonly number[], shared: boolean): [number, boolean][] {
  // What names no table may lock anything.
  if (groups.length === 0) return [[everything, shared]];
  return [[everything, true], ...groups.map((group): [number, boolean] => [group, shared])];
}

/** Gives each table the number of its group: tables that are attached to, or made from, one another. */
export function groupTables(preData: readonly ArchiveEntry[]): (id: number) => number | undefined {
  const parents = new Map(preData.filter(isTable).map(({ dumpId }) => [dumpId, dumpId]));
  const rootOf = (id: number): number | undefined => {
    let root = parents.get(id);
    if (root === undefined) return undefined;
    for (let at = id; root !== at; root = parents.get(at) ?? at) {
      // What is passed is moved nearer to the root, so that long ways are gone once.
      parents.set(at, parents.get(root) ?? root);
      at = root;
    }
    return root;
  };
  for (const entry of preData) {
    if (!isTable(entry) && entry.type !== 'TABLE ATTACH') continue;
    const roots = [entry.dumpId, ...entry.dependencies].map(rootOf).filter((root) => root !== undefined);
    for (const root of roots) parents.set(root, roots.at(-1) ?? root);
  }
  return rootOf;
}

function isTable({ type }: ArchiveEntry): boolean {
  return type === 'TABLE';
}
