import { engineNames, type EngineName } from '../domain/service.ts';
import { requireWritable } from '../evidence/usable-folder.ts';
import { checkedOptions } from '../harness/options.ts';
import { chooseEngine } from '../stack/index.ts';
import { ledgerFolder } from './ledger-folder.ts';

/** What every drill of several is given. */
export interface SharedOptions {
  engine?: string;
  rows?: number;
  seed?: number;
  ledger?: string;
}

/**
 * What would end each of several drills before it began is told once, before the first of them: options that do not fit, no
 * engine, a ledger that cannot be written. A `DrillError` of wrong usage.
 */
export async function checkBeforeDrills({ engine, ledger, ...options }: SharedOptions): Promise<void> {
  checkedOptions(options);
  await chooseEngine(engineNames.find((name): name is EngineName => name === engine));
  await requireWritable(ledgerFolder(ledger), '--ledger');
}
