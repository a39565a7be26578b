import type { SourceState } from './source-state.ts';

/** What a run ran on. */
export interface EnvironmentRecord extends SourceState {
  firedrill: string;
  node: string;
  platform: string;
  cpus: number;
  memoryBytes: number;
  /** sha256 over what makes the system's schema; absent in records of earlier versions. */
  schemaSha256?: string;
  dataOrigin: 'synthetic' | 'backup';
  seed: number;
  rows: number;
  rowUnit: string;
  /** The command that runs this again. */
  command: string;
}
