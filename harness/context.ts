import type { Client } from 'pg';
import type { SearchImpact } from '../checks/search-impact.ts';
import type { Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { DatabaseContent, RecoveryResult, RestorePoint } from '../domain/recovery.ts';
import type { Runbook, RunbookScenario } from '../domain/runbook.ts';
import type { HeadersByHttp } from '../domain/object-headers.ts';
import type { EditedDocument, SearchByHttp } from '../domain/search-by-http.ts';
import type { ServiceFacts } from '../domain/service-facts.ts';
import type { SearchHolding, SearchRestorePoint } from '../domain/search-backup.ts';
import type {
  AppProcess,
  ObjectStore,
  PostgresServer,
  SearchServer,
  Stack,
  StoreAccess,
  StoreName,
} from '../domain/service.ts';
import type { SeedManifest, SystemUnderDrill, Tokens } from '../domain/system.ts';
import type { PhaseName, Progress } from '../domain/timeline.ts';
import type { Outage } from './availability.ts';
import type { DrillDefinition, Sabotage } from './definition.ts';
import type { FrontAddress } from './front.ts';
import type { MarkerWriter } from './markers.ts';
import type { NewerObject } from './newer-objects.ts';
import type { RunOptions } from './options.ts';
import type { Recorder } from './recorder.ts';
import type { InstalledSource } from '../recovery/install-source.ts';
import type { SearchCatchUp, SearchComeback } from './search-ways.ts';
import type { MaskingStatistics } from '../masking/plan.ts';
import type { SearchRecovery } from '../recovery/search-restore.ts';
import type { DamagedObject } from '../recovery/object-damage-scope.ts';
import type { ObjectsRestorePoint } from '../recovery/objects-manifest.ts';
import type { SourceScan } from './steps/leaks.ts';
import type { MaskedStructure } from './steps/masked-structure.ts';
import type { SteadyLoad } from '../smoke/steady-load.ts';
import type { OwnDelay } from '../smoke/own-delay.ts';

/** The application of one set of stores, while it runs. */
export interface RunningApp {
  /** Where clients reach it. */
  apiPort: number;
  /** Files that its processes were started from. */
  entries: string[];
  /** In the order of their start. */
  processes: AppProcess[];
  /** Monotonic instant before the first of them was started. */
  startedMs: number;
}

/** A second set of stores that holds the masked copy. */
export interface Staging {
  postgres: PostgresServer;
  objects: ObjectStore;
  search: SearchServer;
}

/** The open transaction that database controls do their damage in, with what was there before. */
export interface DamageTransaction {
  client: Client;
  expected: DatabaseContent;
}

/** A bucket and what was found damaged in it. */
export interface DamagedBucket {
  bucket: string;
  damaged: readonly DamagedObject[];
}

/** What the steps of a run leave for one another. Each part is there once its step has succeeded. */
export interface RunState {
  /** How long the harness itself is held up, since the run began. */
  ownDelay: OwnDelay;
  stack: Stack;
  seed: SeedManifest;
  tokens: Tokens;
  app: RunningApp;
  /** The age identity is the run's own: made at its start, held in memory only. */
  ageIdentity: string;
  ageRecipient: string;
  markers: MarkerWriter;
  /** The backup of the database as it was taken; a recovery does not look here, it asks the store. */
  databaseBackup: RestorePoint;
  /** What the database is restored from, as it was found in the store. */
  restorePoint: RestorePoint;
  /** The newest backup of the objects as it was taken, and what they are restored from, as it was found in the store. */
  objectsBackup: ObjectsRestorePoint;
  objectsRestorePoint: ObjectsRestorePoint;
  /** What was found damaged, by bucket, and what users wrote after the damage. */
  damagedObjects: DamagedBucket[];
  newerObjects: NewerObject[];
  /** Manifests of the backups that were taken before the newest of their store. */
  earlierBackups: { bucket: string; manifestKey: string }[];
  /** Headers of a sample of the objects right before the fault, by plain HTTP. */
  objectHeaders: HeadersByHttp;
  /** Rows that were changed and deleted after the newest backup. */
  searchEdits: EditedDocument[];
  /** The search server right before the fault, by plain HTTP. */
  searchBefore: SearchByHttp;
  /** The services as they were right before the fault. */
  factsBefore: ServiceFacts[];
  /** Instants by the wall clock, and by the monotonic one in milliseconds. */
  fault: { struck: Fault; injectedAt: Date; injectedMs: number; detectedAt: Date; detectedMs: number };
  /** The servers that serve now: those of the stack first, the new one of each once it is provisioned. */
  database: PostgresServer;
  objects: ObjectStore;
  search: SearchServer;
  /** Id of the backup of everything that the single backups are members of. */
  backupSetId: string;
  /** The backups of the search server as they were taken; a recovery does not look here, it asks the store. */
  searchBackups: SearchRestorePoint[];
  /** What it held when the newest of them was taken. */
  searchHolding: SearchHolding;
  /** What the search server answered that was lost. */
  searchImpact: SearchImpact;
  recovery: RecoveryResult;
  /** What the search server is restored from, where an earlier step has found it in the store; of any kind. */
  searchRestorePoint: SearchRestorePoint;
  /** How the new search server was started, and what was indexed in it then. */
  searchComeback: SearchComeback;
  searchCatchUp: SearchCatchUp;
  /** A restored search server that controls do their damage to. */
  searchControl: SearchRecovery;
  /** Objects that were moved into quarantine, as `bucket/key`. */
  quarantined: string[];
  /** Where the content of each store came from; a store that is not named survived the fault. */
  recoveryPoints: Partial<Record<StoreName, RecoveryPointRecord>>;
  /** Address that stays when the application is brought up elsewhere; only of a drill that switches it. */
  front: FrontAddress;
  /** Where the application was installed anew; until then it runs from where it always did. */
  installed: InstalledSource;
  /** Where clients reach the API now: a sabotage may stand in front of it. */
  apiUrl: string;
  staging: Staging;
  /** Credentials of the copy: none of production's opens it. */
  stagingTokens: Tokens;
  stagingApp: RunningApp;
  /** The copy as it was made. */
  maskedStructure: MaskedStructure;
  /** The application has worked on the copy and has filled its index. */
  stagingUsed: true;
  sourceScan: SourceScan;
  masked: { durationMs: number; rowsLoaded: number; notRefreshed: readonly string[]; statistics: MaskingStatistics };
  damageTransaction: DamageTransaction;
  /** Requests at a fixed rate, from before the fault on. */
  load: SteadyLoad;
  /** Servers that failed so far; the last one is the one that is being recovered from. */
  outages: Outage[];
}

/** What every step is given. */
export interface DrillContext {
  readonly definition: DrillDefinition;
  readonly runbook: Runbook;
  readonly scenario: RunbookScenario;
  readonly system: SystemUnderDrill;
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly record: DrillRecord;
  readonly sabotage: Sabotage;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
  readonly state: Partial<RunState>;
  /** Things to dispose at clean-up, newest first. */
  readonly disposables: AsyncDisposable[];
  /** The drill's fault, or the one that was asked for in its place. */
  readonly fault: Fault;
  /** The way to recover that was asked for; only of a drill that has several. */
  readonly from?: string;
  /** Where this step says what it does. */
  progress(): Progress;
  /** This step goes on to another phase. */
  enterPhase(phase: PhaseName): void;
  /** Records findings of this step; a red one makes the step red, and the run goes on. */
  judge(findings: readonly Finding[]): void;
}

/** A part of the state that an earlier step must have left. */
export function need<Key extends keyof RunState>(
  context: Pick<DrillContext, 'state' | 'definition'>,
  key: Key,
): RunState[Key] {
  const value = context.state[key];
  if (value !== undefined) return value;
  throw new DrillError({
    code: 'internal',
    what: `the run has no ${key} yet`,
    expected: 'a step that comes before this one has made it',
    where: context.definition.name,
  });
}

/** How the application reaches the production stores now. */
export function productionStores(context: DrillContext): StoreAccess {
  return {
    postgres: need(context, 'database').connection,
    objects: need(context, 'objects').access,
    search: need(context, 'search').access,
  };
}

/** How the application reaches the staging stores. */
export function stagingStores(context: DrillContext): StoreAccess {
  const { postgres, objects, search } = need(context, 'staging');
  return { postgres: postgres.connection, objects: objects.access, search: search.access };
}
