import { z } from 'zod';
import { cadenceFrequencies } from '../domain/runbook.ts';
import { storeNames } from '../domain/service.ts';
import { largeObjectRule, tablePolicy } from './masking-schema.ts';
import { duration, identifier, text } from './scalars.ts';

const objective = z.strictObject({ rto: duration, rpo: duration });

const service = z.strictObject({
  title: text,
  objective,
  store: z
    .enum(storeNames)
    .optional()
    .describe('The store that it stands for: what is lost of that store is judged by its objective.'),
  backupEvery: duration.optional().describe('How often it is backed up: what the schedule alone allows to be lost.'),
});

const step = z
  .strictObject({
    id: identifier,
    title: text,
    budget: duration.optional(),
    action: identifier.optional().describe('Action of the registry that carries the step out.'),
    manual: text.optional().describe('Why no action carries it out; the step is recorded as not executed.'),
    deviation: text.optional().describe('Where the drill departs from the written runbook, and why.'),
    after: z
      .array(identifier)
      .optional()
      .describe('Steps that must be done before this one; where any step has this, steps run side by side.'),
    restores: identifier.optional().describe('Service that is back once this step is done.'),
  })
  .refine((step) => (step.action === undefined) !== (step.manual === undefined), {
    message: 'expected exactly one of `action` and `manual`',
  });

const scenario = z.strictObject({
  title: text,
  drill: identifier.describe('Drill that rehearses it.'),
  service: identifier.describe('Service whose objective the scenario is judged by; `system` for the whole.'),
  detectBy: identifier.optional().describe('Probe whose failure detects this outage, if not the one of the runbook.'),
  symptoms: z.array(text).min(1),
  steps: z.array(step).min(1),
});

const expectation = z.strictObject({
  status: z.union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)]),
  json: z.record(z.string(), z.unknown()).optional(),
  numeric: z.strictObject({ member: text.optional(), atLeast: z.int().min(1) }).optional(),
  csvHeader: text.optional(),
  contentType: text.optional(),
});

const probe = z.strictObject({
  name: identifier,
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('GET'),
  path: z.string().regex(/^\//, 'expected a path that starts with /'),
  token: text.optional().describe('Name of the token that is sent; none for a request without one.'),
  body: z.unknown().optional(),
  expect: expectation,
  limit: duration.optional(),
  requests: z.int().min(1).max(1000).optional(),
  security: z.boolean().optional().describe('True for probes that ask whether authentication is enforced.'),
});

const smoke = z.strictObject({
  limit: duration.describe('Latency that each single request must stay under.'),
  requests: z.int().min(1).max(1000).describe('Requests a probe, sent one after the other.'),
  detectBy: identifier.describe(
    'Probe whose failure detects an outage: it must ask for content, not for a health flag.',
  ),
  sustained: z
    .strictObject({ requests: z.int().min(1).max(10_000), perSecond: z.int().min(1).max(1_000) })
    .optional()
    .describe('Requests to each probe at a fixed rate, once the system is recovered.'),
  probes: z.array(probe).min(1),
});

const accepted = z.int().min(0).optional();
const tolerance = z
  .strictObject({ dangling: accepted, orphan: accepted, stale: accepted, uncompared: accepted })
  .default({})
  .describe('Differences that are accepted in the end; none of what is not named.');

const availability = z
  .strictObject({
    requestsPerSecond: z.number().min(1).max(1_000),
    probes: z.record(identifier, identifier).describe('Probes that are sent in turn, each with the service it shows.'),
    servedBy: text.describe('Header of an answer that names the server it came from.'),
    outageLimit: duration.describe('For so long at most more requests may fail than the limit below allows.'),
    errorShareLimit: z.number().min(0).max(1).describe('Share of failed requests from which on it is an outage.'),
  })
  .describe('What clients must see while servers fail: requests at a fixed rate, and what is accepted of them.');

const frequency = z.enum(cadenceFrequencies);

const exercise = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('scenarios'), frequency, scenarios: z.array(identifier).min(1).optional() })
    .describe('A drill of every scenario, or of those that are named, counted from its last green run.'),
  z
    .strictObject({ kind: z.literal('random-scenario'), frequency })
    .describe('One scenario a calendar period, by a seed that follows from the period and the runbook.'),
  z
    .strictObject({ kind: z.literal('tabletop'), frequency, title: text })
    .describe('People talk it through: a reminder in every summary of the calendar period.'),
  z
    .strictObject({ kind: z.literal('after-change') })
    .describe('A drill once the schema or the runbook is another than at its last green run.'),
]);

const cadence = z.strictObject({
  frequency,
  exercises: z
    .array(exercise)
    .min(1)
    .optional()
    .describe('What `firedrill nightly` runs, and when; without it every scenario at `frequency`.'),
});

const role = z.strictObject({
  role: text,
  responsibility: z.enum(['responsible', 'accountable', 'consulted', 'informed']),
  contact: text,
});

const contact = z.strictObject({
  role: text,
  primary: text,
  secondary: text.optional(),
  escalation: text.optional(),
});

/** The file format of a runbook, as written by people. `toRunbook` makes the domain's `Runbook` of it. */
export const runbookFile = z.strictObject({
  $schema: z.string().optional(),
  name: identifier,
  title: text,
  version: text,
  owner: text,
  classification: text,
  system: identifier.describe('Name of the system in fixtures/ that is drilled.'),
  objective: objective.describe('Objective of the whole system.'),
  services: z.record(identifier, service),
  backup: z
    .strictObject({
      compression: z.enum(['zstd', 'xz']).default('zstd'),
      maxSkew: duration
        .default(900_000)
        .describe('How far apart the instants may be that the stores of a backup of everything cover.'),
    })
    .prefault({}),
  scenarios: z.record(identifier, scenario),
  smoke,
  masking: z.strictObject({
    tables: z.record(z.string().regex(/^.+\..+$/, 'expected schema.table'), tablePolicy),
    largeObjects: largeObjectRule
      .optional()
      .describe('What a masked copy has of the large objects of the database; default: none of them.'),
  }),
  reconciliation: z
    .strictObject({
      objects: z.strictObject({ tolerance, repair: z.literal('quarantine').optional() }).optional(),
      search: z.strictObject({ tolerance, repair: z.literal('reindex').optional() }).optional(),
    })
    .default({})
    .describe('What is done about differences between rows and a store after a recovery.'),
  availability: availability.optional(),
  cadence,
  roles: z.array(role).min(1),
  contacts: z.array(contact).min(1),
  assumptions: z.array(text).default([]),
  successCriteria: z.array(text).min(1),
});

export type RunbookFile = z.output<typeof runbookFile>;
