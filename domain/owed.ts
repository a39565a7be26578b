import { catalogue, checkPatterns, patternOf, type CheckPattern } from './catalogue.ts';
import type { CheckEntry, Owing } from './check-entry.ts';
import type { StoreName } from './service.ts';

/** What a run owes: the checks that it must judge and the controls that it must play, by name. */
export interface Owed {
  checks: string[];
  controls: string[];
}

/**
 * What is known of a run before it starts, and what decides which checks it owes. None of it is taken from the lists of
 * steps of a drill: a step that is left out there must be missed.
 */
export interface RunFacts {
  /** What the fault does to the content of each store; a store that is not named keeps it. */
  hit: Partial<Record<StoreName, 'lost' | 'damaged'>>;
  /** `edits`: rows that a search index shows can be changed after the backup. */
  has: { objects: boolean; search: boolean; worker: boolean; edits: boolean };
  /** The way to recover, of a drill that knows several. */
  way?: string;
  /** Services that steps of the scenario bring back. */
  restoredServices: readonly string[];
  /** The runbook has a masking policy, so that a masked copy is made of a database that was restored. */
  masks: boolean;
  /** The runbook says what clients must see while servers fail. */
  availability: boolean;
  /** The runbook asks for requests at a fixed rate. */
  sustained: boolean;
  /** Played for real: no controls then, the system is damaged. */
  sabotage: boolean;
  /** Everything is left for a look. */
  keep: boolean;
  /** This system tells how much memory a process has held at most. */
  measuresMemory: boolean;
}

type Decision = (facts: RunFacts) => boolean;

const hits = ({ hit }: RunFacts): StoreName[] => Object.keys(hit) as StoreName[];
const isAlone =
  (store: StoreName): Decision =>
  (facts) =>
    hits(facts).length === 1 && store in facts.hit;
const isRebuilt: Decision = ({ hit, way }) => hit.search !== undefined && way === 'reindex';

const decisions: Record<Owing, Decision> = {
  always: () => true,
  'database-hit': ({ hit }) => hit.postgres !== undefined,
  'objects-lost': ({ hit }) => hit.objects === 'lost',
  'objects-lost-alone': (facts) => facts.hit.objects === 'lost' && isAlone('objects')(facts),
  'objects-damaged': ({ hit }) => hit.objects === 'damaged',
  'objects-hit': ({ hit }) => hit.objects !== undefined,
  'objects-hit-alone': isAlone('objects'),
  'search-hit': ({ hit }) => hit.search !== undefined,
  'search-hit-alone': isAlone('search'),
  'search-damaged': ({ hit }) => hit.search === 'damaged',
  'search-from-backup': (facts) => facts.hit.search !== undefined && !isRebuilt(facts),
  'search-rebuilt': isRebuilt,
  'everything-lost': (facts) => hits(facts).length === 3,
  'any-lost': ({ hit }) => Object.values(hit).includes('lost'),
  'any-backup': (facts) => hits(facts).length === 1 && !isRebuilt(facts),
  'has-search': ({ has }) => has.search,
  edits: (facts) => facts.has.edits && hits(facts).length > 0,
  'has-worker': ({ has }) => has.worker,
  'reconciles-objects': (facts) => facts.has.objects && hits(facts).length > 0,
  'reconciles-search': (facts) => facts.has.search && hits(facts).length > 0,
  'masked-copy': ({ hit, masks }) => hit.postgres !== undefined && masks,
  'servers-fail': (facts) => facts.availability && hits(facts).length === 0,
  sustained: ({ sustained }) => sustained,
  'restored-services': ({ restoredServices }) => restoredServices.length > 0,
  'marked-stores': () => true,
  controls: ({ sabotage }) => !sabotage,
  'clean-up': ({ keep }) => !keep,
  memory: ({ measuresMemory }) => measuresMemory,
};

/** Everything that a run of these facts owes. */
export function owedBy(facts: RunFacts): Owed {
  const checks = checkPatterns.flatMap((pattern) => checksOf(pattern, catalogue[pattern], facts));
  return { checks, controls: facts.sabotage ? [] : controlsOf(checks) };
}

function checksOf(pattern: CheckPattern, { owed, places = {} }: CheckEntry, facts: RunFacts): string[] {
  const isOwed = (owing: Owing | undefined): boolean => owing !== undefined && decisions[owing](facts);
  const recovered = typeof owed === 'string' && isOwed(owed) ? namesOf(pattern, facts) : [];
  return [
    ...(isOwed(places['steady-state']) ? [`steady-state.${pattern}`] : []),
    ...recovered,
    ...(isOwed(places.staging) ? [`staging.${pattern}`] : []),
  ];
}

/** The names that a pattern stands for in a run. */
function namesOf(pattern: CheckPattern, { has, restoredServices }: RunFacts): string[] {
  if (pattern === 'objectives.rto.<service>') return restoredServices.map((service) => `objectives.rto.${service}`);
  if (pattern !== 'objectives.rpo.<store>') return [pattern];
  const stores = ['postgres', ...(has.objects ? ['objects'] : []), ...(has.search ? ['search'] : [])];
  return stores.map((store) => `objectives.rpo.${store}`);
}

/** Every check that is judged and that a control can turn red owes that control. */
function controlsOf(checks: readonly string[]): string[] {
  const names = checks.flatMap((check) => {
    const pattern = patternOf(check);
    const redBy = pattern && catalogue[pattern].redBy;
    return redBy && 'control' in redBy ? [redBy.control] : [];
  });
  return [...new Set(names)];
}
