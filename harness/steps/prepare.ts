import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { serviceRecord } from '../../domain/record.ts';
import { standInsOf, standInWords } from '../../domain/stand-in.ts';
import { objectClient } from '../../stack/clients.ts';
import { startStack } from '../../stack/index.ts';
import { OwnDelay } from '../../smoke/own-delay.ts';
import { apiUrlOf, startApp } from '../app.ts';
import { backupBucket } from '../backup-location.ts';
import { need, productionStores } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { startFront } from '../front.ts';
import { MarkerWriter } from '../markers.ts';
import { sabotageAt } from '../sabotage.ts';

export const startServices: DrillStep = {
  name: 'start',
  title: 'Start the stack',
  phase: 'start',
  async execute(context) {
    const { record, system, clock, signal } = context;
    const ownDelay = await OwnDelay.start(clock);
    context.state.ownDelay = ownDelay;
    context.disposables.push(ownDelay);
    const stack = await startStack({
      engine: record.engine,
      runId: record.runId,
      database: system.database,
      progress: context.progress(),
      signal,
      clock,
    });
    context.state.stack = stack;
    context.state.database = stack.postgres;
    context.state.objects = stack.objects;
    context.state.search = stack.search;
    context.state.recoveryPoints = {};
    context.state.backupSetId = randomUUID();
    record.services = stack.services().map(serviceRecord);
    for (const { name, implementation, version } of record.services) {
      context.progress().info(`${name}: ${implementation} ${version}`);
    }
    const standIns = standInsOf(record.services);
    if (standIns.length > 0)
      record.limitations.push(
        `Built-in stand-ins took the place of ${standInWords(standIns)}: what was seen of them is no evidence for these products.`,
      );
    await objectClient(stack.backups.access).makeBucket(backupBucket);
    context.state.ageIdentity = await generateX25519Identity();
    context.state.ageRecipient = await identityToRecipient(context.state.ageIdentity);
  },
};

export const seedSystem: DrillStep = {
  name: 'seed',
  title: 'Seed the system',
  phase: 'seed',
  async execute(context) {
    const { system, record, signal } = context;
    const { seed, rows } = record.environment;
    const manifest = await system.seed(productionStores(context), {
      seed,
      rows,
      progress: context.progress(),
      signal,
    });
    context.state.seed = manifest;
    context.state.tokens = system.createTokens();
    const { tables, objects, documents, canaries } = manifest;
    record.seed = { tables, objects, documents };
    const total = Object.values(tables).reduce((sum, count) => sum + count, 0);
    context
      .progress()
      .info(
        `${total.toLocaleString('en')} rows, ${objects} objects, ${documents} documents, ${canaries.length} canaries`,
      );
  },
};

export const openSystem: DrillStep = {
  name: 'open',
  title: 'Start API and worker, and markers on',
  phase: 'seed',
  async execute(context) {
    const { system, signal, clock } = context;
    const stack = need(context, 'stack');
    const tokens = need(context, 'tokens');
    const stores = productionStores(context);
    await system.setCredentials(stores, tokens);
    const app = await startApp(context, { stores, role: 'production', apiPort: await stack.freePort(), worker: true });
    context.state.app = app;
    if (context.definition.front) context.state.front = await startFront(context, app.apiPort);
    const apiUrl = context.state.front?.url ?? apiUrlOf(app);
    context.state.apiUrl = apiUrl;
    const markers = new MarkerWriter({
      channels: system.markerChannels({ ...stores, apiUrl, tokens }),
      journal: join(context.recorder.directory, 'markers.jsonl'),
      clock,
    });
    context.state.markers = markers;
    context.disposables.push(markers);
    await system.indexEdits?.add({ ...stores, apiUrl, tokens }, signal);
    await markers.writeOnce(signal);
    markers.start();
    for (const { store, path } of markers.channels) context.progress().info(`markers into ${store} by ${path}`);
    await sabotageAt(context, 'running');
  },
};
