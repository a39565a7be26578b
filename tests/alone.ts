/** What alters the process that a test file runs in, or the modules that are loaded there, for the files after it. */
const alters =
  /\bvi\.(?:mock|doMock|spyOn|stubEnv|stubGlobal|useFakeTimers)\(|\bprocess\.env\['\w+'\] =|\bprocess\.chdir\(/;

/** Whether a test file needs a process of its own, by its text. */
export function altersItsProcess(text: string): boolean {
  return alters.test(text);
}

/** Unit tests that get a process of their own; all others share a few, in which every module is loaded once. */
export const alone: readonly string[] = [
  'bin/play-drills.test.ts',
  'fixtures/art-market/data/dataset.test.ts',
  'harness/actions/verify-restore.test.ts',
  'harness/cut-run.test.ts',
  'harness/latest-backups.test.ts',
  'harness/ledger.test.ts',
  'harness/owed-run.test.ts',
  'harness/steps/places-of-call-servers.test.ts',
  'harness/steps/places-of-call.test.ts',
  'history/render.test.ts',
  'quarterly/write.test.ts',
  'stack/containers/engine.test.ts',
  'stack/marks/spawn.test.ts',
  'stack/native/programs.test.ts',
  'stack/stand-ins/search/options.test.ts',
];
