import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { ObjectStore } from '../../domain/service.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { describeImplementations } from './implementations-support.ts';
import { backupContract } from './objects-backup-part.ts';
import { ObjectsBench } from './objects-backup-support.ts';
import { restoreContract } from './objects-restore-part.ts';
import { verifyContract } from './objects-verify-part.ts';

await describeImplementations('objects', contract, {
  withoutContainer: 'it runs the same program as the local binary',
});

function contract(implementation: Implementation<ObjectStore>): void {
  const bench = new ObjectsBench(() => implementation.start());
  beforeAll(() => bench.open());
  beforeEach(() => bench.fill());
  afterAll(async () => bench.close());
  backupContract(bench);
  restoreContract(bench);
  verifyContract(bench);
}
