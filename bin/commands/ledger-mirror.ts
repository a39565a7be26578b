import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { noLedger } from '../../evidence/ledger.ts';
import { ledgerPaths } from '../../evidence/ledger-paths.ts';
import { mirrorLedger, type MirrorTarget } from '../../evidence/mirror.ts';
import { probeObjectLock } from '../../evidence/probe-lock.ts';
import { objectClient } from '../../stack/clients.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { wholeNumber } from '../whole-number.ts';

interface Given {
  ledger?: string;
  endpoint: string;
  bucket: string;
  prefix: string;
  region: string;
  retainDays: number;
}

/** Seven years, as long as a record says that it must be kept. */
const sevenYearsDays = 2557;

/** `firedrill ledger mirror`. */
export const ledgerMirrorCommand = new Command('mirror')
  .description(
    'copy new entries to an S3 bucket with object lock; its lock is tried first, and what it has is compared. Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
  )
  .addOption(ledgerOption())
  .requiredOption('--endpoint <url>', 'of the object store, e.g. https://s3.eu-central-1.amazonaws.com')
  .requiredOption('--bucket <name>', 'bucket that was made with object lock')
  .option('--prefix <text>', 'put before every key', 'firedrill/')
  .option('--region <name>', 'region of the bucket', 'us-east-1')
  .option('--retain-days <number>', 'how long nobody can delete an entry', wholeNumber, sevenYearsDays)
  .action(async (given: Given) => {
    process.exitCode = await mirror(given);
  });

async function mirror({ ledger, retainDays, ...place }: Given): Promise<number> {
  const paths = ledgerPaths(ledgerFolder(ledger));
  if (!existsSync(paths.ledger)) throw noLedger(paths.ledger);
  const target = targetOf(place);
  const findings = await probeObjectLock(target);
  for (const { check, verdict, expected, actual } of findings) {
    process.stdout.write(`${verdict.padEnd(13)}${check}: expected ${expected}, actual ${actual}\n`);
  }
  if (findings.some(({ verdict }) => verdict === 'fail')) {
    process.stderr.write('nothing was sent: the bucket does not keep what is put into it\n');
    return exitCodes.fail;
  }
  const { sent, entries, problems } = await mirrorLedger(paths, target, { retainDays });
  process.stdout.write(`${sent} of ${entries} entries sent, the others were there; kept for ${retainDays} days\n`);
  for (const { where, what } of problems) process.stdout.write(`wrong        ${where}: ${what}\n`);
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}

function targetOf({ endpoint, bucket, prefix, region }: Omit<Given, 'ledger' | 'retainDays'>): MirrorTarget {
  if (!URL.canParse(endpoint)) throw wrong('the endpoint is not a URL', 'e.g. https://s3.example.org', endpoint);
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  const client = objectClient({
    endpoint: hostname,
    port: port === '' ? (useSSL ? 443 : 80) : Number(port),
    useSSL,
    region,
    accessKey: fromEnvironment('AWS_ACCESS_KEY_ID'),
    secretKey: fromEnvironment('AWS_SECRET_ACCESS_KEY'),
  });
  return { client, bucket, prefix, clock: systemClock };
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw wrong('the credentials of the object store are missing', `the variable ${name}`, 'nothing');
}

function wrong(what: string, expected: string, actual: string): DrillError {
  return new DrillError({ code: 'usage', what, expected, actual });
}
