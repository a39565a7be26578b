import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { LedgerEntry, LedgerRun } from '../domain/ledger.ts';
import { ChainCheck } from './chain-check.ts';
import { sha256 } from './digest.ts';
import { beforeTheFirst, decodeLine, encodeLine } from './ledger-line.ts';
import { keyIdOf } from './signer.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const keyId = keyIdOf(publicKey);
const signer = { keyId, privateKey };
const run: LedgerRun = {
  number: 1,
  runId: 'run-1',
  drill: 'db-loss',
  scenario: 'database-loss',
  runbook: { name: 'r', version: '1', sha256: 'a'.repeat(64) },
  engine: 'native',
  startedAt: '2026-03-01T10:00:00.000Z',
  folder: '../runs/1',
};

/** Signed lines, each of which names the one before it. */
function chained(...entries: ((position: object) => object)[]): string[] {
  const lines: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const before = lines.at(-1);
    const previous = before === undefined ? beforeTheFirst : sha256(Buffer.from(before));
    lines.push(encodeLine(entry({ schemaVersion: 1, index, previous, keyId }) as LedgerEntry, signer));
  }
  return lines;
}

const opened = (position: object) => ({
  ...position,
  kind: 'opened',
  at: '2026-03-01T10:00:00.000Z',
  runs: 0,
  open: [],
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
});
const begun = (at: string) => (position: object) => ({
  ...position,
  kind: 'begun',
  at,
  runs: 1,
  open: [1],
  run,
  holder: { host: 'h', pid: 1 },
});
const closed = (position: object) => ({
  ...position,
  kind: 'closed',
  at: '2026-03-01T10:09:00.000Z',
  runs: 1,
  open: [],
  run,
  end: { state: 'finished', verdict: 'pass', finishedAt: '2026-03-01T10:08:00.000Z' },
});

function problemsOf(lines: readonly string[]): string[] {
  const check = new ChainCheck({ file: 'ledger', trusted: [keyId], known: [], heads: [] });
  for (const line of lines) check.add(decodeLine(Buffer.from(line)), true);
  return check.finish().problems.map(({ line, what }) => `${line}: ${what}`);
}

test('lines that each name the one before are right', () => {
  expect(problemsOf(chained(opened, begun('2026-03-01T10:01:00.000Z'), closed))).toEqual([]);
});

test('a line that the same key has signed for the same place is found out by the one after it', () => {
  const [first = '', , third = ''] = chained(opened, begun('2026-03-01T10:01:00.000Z'), closed);
  const [, other = ''] = chained(opened, begun('2026-02-01T10:01:00.000Z'), closed);
  expect(problemsOf([first, other, third])).toEqual([
    expect.stringContaining('3: it does not name the sha256 of the line before it'),
  ]);
});
