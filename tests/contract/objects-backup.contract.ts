import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { implementationsOf } from '../../stack/implementations.ts';
import { backupContract } from './objects-backup-part.ts';
import { ObjectsBench } from './objects-backup-support.ts';
import { restoreContract } from './objects-restore-part.ts';
import { verifyContract } from './objects-verify-part.ts';

for (const implementation of await implementationsOf('objects')) {
  const { name, missing } = implementation;
  // The container runs the same program as the local binary.
  if (name.includes('container')) continue;
  if (missing === undefined) {
    describe(name, () => {
      const bench = new ObjectsBench(() => implementation.start());
      beforeAll(() => bench.open());
      beforeEach(() => bench.fill());
      afterAll(async () => bench.close());
      backupContract(bench);
      restoreContract(bench);
      verifyContract(bench);
    });
  } else {
    process.stdout.write(`objects backup contract: ${name} does not run here: ${missing}\n`);
    describe.skip(`${name} (skipped: ${missing})`, () => it('runs', () => undefined));
  }
}
