/** By what a database reaches out, or lets those who use it reach out. */
export type WayOutKind =
  | 'foreign-server'
  | 'user-mapping'
  | 'foreign-program'
  | 'subscription'
  | 'function'
  | 'trigger'
  | 'job'
  | 'setting';

/** A way by which a database server reaches others. Addresses and passwords are never part of it. */
export interface WayOut {
  kind: WayOutKind;
  /** E.g. `server archive (postgres_fdw)`, `user mapping of PUBLIC on archive`. */
  name: string;
  /**
   * `by-itself`: the server goes out without being asked. `when-used`: a query, or a write that fires a trigger, goes out.
   * `closed`: it is there and leads nowhere.
   */
  state: 'by-itself' | 'when-used' | 'closed';
}

/** What is known of the ways out of a restored server. */
export interface WaysOut {
  ways: WayOut[];
  /** Materialised views that were not filled, since their queries reach other servers. */
  notRefreshed: string[];
}

/** As `drill.json` has them. */
export interface WaysOutRecord extends WaysOut {
  server: 'recovered' | 'copy';
}
