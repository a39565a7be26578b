import { readFileSync } from 'node:fs';
import type { NewRun } from '../../evidence/ledger.ts';
import { beginEvidence } from '../../evidence/run-evidence.ts';

/** Takes a number for the run on standard input, and ends without closing it: `node die.ts <ledger>`. */
const [, , ledger = ''] = process.argv;
const run = JSON.parse(readFileSync(0, 'utf8')) as NewRun;
const clock = { now: () => new Date(run.startedAt), monotonicMs: () => 0 };
await beginEvidence(ledger, run, { clock, say: () => {} });
