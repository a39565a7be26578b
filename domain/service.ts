import type { Readable } from 'node:stream';
import type { ServicePlace } from './service-place.ts';

/** Where a stack runs: `containers` (testcontainers) or `native` (local processes). */
export const engineNames = ['containers', 'native'] as const;
export type EngineName = (typeof engineNames)[number];

/** The members of a stack. `backups` is the separate object store that holds the backups. */
export const serviceNames = ['postgres', 'objects', 'search', 'backups', 'api', 'worker', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The stores whose data a drill can lose. */
/** The stores whose data a fault can reach. */
export const storeNames = ['postgres', 'objects', 'search'] as const;
export type StoreName = (typeof storeNames)[number];

/** What really ran, for the report: an official image, a local binary or the built-in stand-in, with its version. */
export interface ServiceInfo {
  service: ServiceName;
  /** Which instance: `production`, `recovered`, `staging`, `backups`. */
  role: string;
  /** Which of several of the same service and role: `app-1`. */
  instance?: string;
  /** E.g. `PostgreSQL (local binary)`, `MinIO (container image …)`, `built-in stand-in for Meilisearch`. */
  implementation: string;
  version: string;
  /** Only in containers: the image reference and its id. */
  image?: string;
  imageId?: string;
}

/** How a service is started otherwise than it was made, for faults. A later start without changes has none of them. */
export interface StartChanges {
  /** Its clock is off by this much; negative is behind. Whole seconds count. By libfaketime, where that is installed. */
  clockOffsetMs?: number;
  /** It knows other credentials than those that are known of it: who comes with these is refused. */
  otherCredentials?: boolean;
}

/** The network of a service that has one of its own. */
export interface ServiceNetwork {
  /** Nobody reaches it any more, and it reaches nobody; it runs on. Idempotent. */
  cut(): Promise<void>;
  /** The same port as before. Idempotent. */
  join(): Promise<void>;
}

/** The disk under the data of a service. */
export interface ServiceDisk {
  /**
   * Moves the data to a disk of their own in memory, with `freeBytes` left. Only on a service that does not run. Throws
   * a `DrillError` (`unsupported`) where none can be mounted, or the data are too large for it.
   */
  confine(freeBytes: number): Promise<void>;
  /** Takes away what is left on that disk. */
  fill(): Promise<void>;
  /** Moves the data back. Only on a service that does not run. Idempotent; does nothing where they were not moved. */
  release(): Promise<void>;
}

/** A process or container of the stack, and what a fault can do to it. */
export interface RunningService extends AsyncDisposable {
  readonly info: ServiceInfo;
  /** Ends it at once, as a crash does (SIGKILL). Idempotent. */
  kill(): Promise<void>;
  /** Ends it in order. Idempotent. */
  stop(): Promise<void>;
  /**
   * Starts it again after `kill` or `stop`, on the data that it left and the same port. Idempotent. With changes it is
   * up when it answers at all; throws a `DrillError` (`unsupported`) where it cannot be changed so.
   */
  start(changes?: StartChanges): Promise<void>;
  /**
   * Halts it as it stands, as a hang does: its port still takes connections, but nothing answers, and it counts as
   * running. Idempotent; does nothing where it does not run. `kill`, `stop` and closing work on what is paused.
   */
  pause(): Promise<void>;
  /** Lets it go on after `pause`. Idempotent; does nothing where it is not paused. */
  resume(): Promise<void>;
  isRunning(): Promise<boolean>;
  /** The same for as long as it is this service, whether it runs or not. */
  readonly place: ServicePlace;
  /** Deletes the data folder or volume. Only on a service that does not run. Idempotent. */
  deleteData(): Promise<void>;
  dataExists(): Promise<boolean>;
  /** Absent on local processes: they share the network of the machine. */
  readonly network?: ServiceNetwork;
  /** Absent where it keeps no data. */
  readonly disk?: ServiceDisk;
  /** The last lines of its log. */
  logTail(lines?: number): Promise<string>;
}

export interface PostgresConnection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

/** One of PostgreSQL's own tools, running beside the server. */
export interface ToolProcess {
  readonly stdout: Readable;
  /** Settles when the tool has ended and its output was read; rejects with a `DrillError` that quotes its stderr. */
  readonly completed: Promise<{ stderr: string }>;
}

export type PostgresTool = 'pg_dump' | 'pg_dumpall' | 'pg_restore' | 'psql';

export interface PostgresServer extends RunningService {
  /** Superuser's connection over TCP on loopback, to the stack's database. */
  readonly connection: PostgresConnection;
  /**
   * Runs a tool of the server's own version against it, as superuser; connection arguments are added by the service.
   * `input` is streamed into stdin. The tool is ended when `signal` aborts or when the consumer destroys `stdout`.
   */
  tool(name: PostgresTool, args: readonly string[], options?: { input?: Readable; signal?: AbortSignal }): ToolProcess;
  /** Writes over the beginning of a file of its data folder (`base/…`), in place. Only while it does not run. For faults. */
  overwriteFile(path: string, content: Buffer): Promise<void>;
}

export interface ObjectStoreAccess {
  endpoint: string;
  port: number;
  useSSL: false;
  region: string;
  accessKey: string;
  secretKey: string;
}

export interface ObjectStore extends RunningService {
  readonly access: ObjectStoreAccess;
}

export interface SearchAccess {
  /** E.g. `http://127.0.0.1:7700`. */
  host: string;
  masterKey: string;
}

/** A file of a search server. */
export interface SearchFile {
  /** Below the folder of its data: `data.ms/…`, `dumps/…`, `snapshots/…`. */
  path: string;
  sizeBytes: number;
}

/** What a new search server starts with. */
export interface SearchStart {
  /** Default: a new random one. The secrets of keys follow from it. */
  masterKey?: string;
  /** A dump or snapshot on the host that the first start takes its content from; later starts do not need it. */
  import?: { kind: 'dump' | 'snapshot'; file: string };
  /** Ends the start-up when it aborts. */
  signal?: AbortSignal;
}

export interface SearchServer extends RunningService {
  readonly access: SearchAccess;
  /** All files below a folder of its data, whether it runs or not. Empty when there is no such folder. */
  listFiles(folder: string): Promise<SearchFile[]>;
  /** Streams a file of its data. Throws a `DrillError` (`tool-failed`) when there is none; later errors fail the stream. */
  readFile(path: string): Promise<Readable>;
  /** Writes over the beginning of a file of its data, in place, whether it runs or not. For faults. */
  overwriteFile(path: string, content: Buffer): Promise<void>;
}

/** What the API and its workers are told of the stores. */
export interface StoreAccess {
  postgres: PostgresConnection;
  objects: ObjectStoreAccess;
  search: SearchAccess;
}

/** A process of the application under drill: its API, a worker, or a gateway in front of several APIs. */
export interface AppProcess extends RunningService {
  /** Only of a process that listens. */
  readonly baseUrl?: string;
}

/** How to start an application process of the system under drill. */
export interface AppLaunch {
  service: 'api' | 'worker' | 'gateway';
  role: string;
  /** Which of several of the same service and role: `app-1`. */
  name?: string;
  /** A file that Node runs. */
  entry: URL;
  environment: Record<string, string>;
  /** For a process that listens: the free port it was told of in its environment, and the path that answers 200 once up. */
  listens?: { port: number; readyPath: string };
  /** For a process that does not listen: the line on stdout that says it is up. */
  readyLine?: string;
}

/** What a stack is asked to bring up beside its first services, e.g. a new server to restore into. */
export interface Provisioner {
  postgres(role: string): Promise<PostgresServer>;
  objects(role: string): Promise<ObjectStore>;
  search(role: string, start?: SearchStart): Promise<SearchServer>;
  app(launch: AppLaunch): Promise<AppProcess>;
}

/** One thing of a run that is still there: what kind, and how to find it. */
export interface Residue {
  kind: 'process' | 'container' | 'volume' | 'network' | 'folder' | 'port' | 'shared-memory' | 'mount';
  name: string;
}

/** The system's services, running. Disposing it ends everything that was started through it. */
export interface Stack extends AsyncDisposable {
  readonly engine: EngineName;
  readonly runId: string;
  readonly postgres: PostgresServer;
  readonly objects: ObjectStore;
  readonly search: SearchServer;
  /** Separate from `objects`: nothing that a drill destroys is on it. */
  readonly backups: ObjectStore;
  readonly provision: Provisioner;
  /** A folder of the run for files that must not outlive it; it is on the host. */
  readonly folder: string;
  /** Everything that ran so far, the ended ones too. */
  services(): ServiceInfo[];
  /** The processes of the application that were started so far, the ended ones too, in the order of their start. */
  apps(): readonly AppProcess[];
  /** A TCP port on loopback that nobody listens on; no two calls of a run give the same. */
  freePort(): Promise<number>;
  /**
   * Lets what runs outlive this process, so that it can be looked at; `firedrill clean` removes it then. Without this,
   * what still runs is ended when this process exits.
   */
  keep(): void;
  /** Ends and deletes everything. Idempotent; goes on past single failures and reports them together. */
  close(): Promise<void>;
  /** Looks, by the run's marks and not by its own books, for what is still there. Empty after `close`. */
  residue(): Promise<Residue[]>;
}
