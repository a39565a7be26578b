import { unknownName } from '../domain/nearest.ts';
import { systemParts } from '../domain/runbook.ts';
import { storeNames } from '../domain/service.ts';
import { templateColumns } from '../domain/masking-template.ts';
import type { Mistake, SystemVocabulary, Vocabulary } from './vocabulary.ts';
import { listOf, recordOf } from './written.ts';

/** What a runbook asks for that its system does not have. A system that is not known is told elsewhere. */
export function systemReferences(written: unknown, { actions, systems }: Vocabulary): Mistake[] {
  const file = recordOf(written);
  const name = file['system'];
  const system = typeof name === 'string' && Object.hasOwn(systems, name) ? systems[name] : undefined;
  if (system === undefined || typeof name !== 'string') return [];
  return [
    ...unknownTokens(file, system, name),
    ...storesWithoutService(file, system, name),
    ...missingParts(file, actions, system, name),
    ...Object.keys(recordOf(file['reconciliation'])).flatMap((store) =>
      withoutPart(['reconciliation', store], store, system, name),
    ),
    ...(file['availability'] === undefined ? [] : withoutPart(['availability'], 'servers', system, name)),
  ];
}

function unknownTokens(file: Record<string, unknown>, { tokens }: SystemVocabulary, name: string): Mistake[] {
  return listOf(recordOf(file['smoke'])['probes']).flatMap((probe, index) => {
    const token = recordOf(probe)['token'];
    if (typeof token !== 'string' || tokens.includes(token)) return [];
    const path = ['smoke', 'probes', index, 'token'];
    const expected = tokens.length === 0 ? 'no token, since it makes none' : `a token of it (${tokens.join(', ')})`;
    return [
      {
        path,
        message: `${path.join('.')}: of the system ${name} expected ${expected}, actual ${unknownName(token, tokens)}`,
      },
    ];
  });
}

/** Each store of the system is stood for by one service: by its objective what is lost there is judged. */
function storesWithoutService(file: Record<string, unknown>, { parts }: SystemVocabulary, name: string): Mistake[] {
  const services = Object.entries(recordOf(file['services']));
  return storeNames.flatMap((store): Mistake[] => {
    const [first, second] = services.filter(([, service]) => recordOf(service)['store'] === store).map(([id]) => id);
    const isThere = store === 'postgres' || parts.includes(store);
    if (isThere && first === undefined) {
      const message = `services: expected a service with \`store: ${store}\`, a store of the system ${name}, actual none`;
      return [{ path: ['services'], message }];
    }
    const wrong = isThere ? second : first;
    if (wrong === undefined) return [];
    const path = ['services', wrong, 'store'];
    const expected = isThere
      ? `each store once, actual \`${store}\` again`
      : `a store of the system ${name}, actual \`${store}\`, which it does not have`;
    return [{ path, message: `${path.join('.')}: expected ${expected}` }];
  });
}

/** Steps whose action stands on something that is not there. */
function missingParts(
  file: Record<string, unknown>,
  actions: Vocabulary['actions'],
  system: SystemVocabulary,
  name: string,
): Mistake[] {
  return Object.entries(recordOf(file['scenarios'])).flatMap(([scenario, content]) =>
    listOf(recordOf(content)['steps']).flatMap((step, index) => {
      const action = recordOf(step)['action'];
      const needs = typeof action === 'string' && Object.hasOwn(actions, action) ? (actions[action] ?? []) : [];
      const path = ['scenarios', scenario, 'steps', index, 'action'];
      return needs.flatMap((need): Mistake[] => {
        if (need !== 'availability') return withoutPart(path, need, system, name);
        if (file['availability'] !== undefined) return [];
        return [
          {
            path,
            message: `${path.join('.')}: \`${String(action)}\` expected a section \`availability\`, actual none`,
          },
        ];
      });
    }),
  );
}

const partWords: Readonly<Record<string, string>> = {
  objects: 'objects',
  search: 'a search',
  servers: 'several servers behind a load balancer',
};

function withoutPart(path: readonly PropertyKey[], part: string, system: SystemVocabulary, name: string): Mistake[] {
  const known = systemParts.find((candidate) => candidate === part);
  if (known === undefined || system.parts.includes(known)) return [];
  return [
    {
      path,
      message: `${path.join('.')}: expected a system with ${partWords[part]}, actual \`${name}\`, which has none`,
    },
  ];
}

/** Templates of the masking policy that name a column for which their table has no rule. */
export function templateReferences(written: unknown): Mistake[] {
  const tables = recordOf(recordOf(recordOf(written)['masking'])['tables']);
  return Object.entries(tables).flatMap(([table, policy]) => {
    const columns = recordOf(recordOf(policy)['columns']);
    return Object.entries(columns).flatMap(([column, rule]) => {
      const template = recordOf(rule)['replace'];
      if (typeof template !== 'string') return [];
      const path = ['masking', 'tables', table, 'columns', column];
      return templateColumns(template).flatMap((named) => templateMistake(path, named, columns));
    });
  });
}

function templateMistake(path: readonly PropertyKey[], named: string, columns: Record<string, unknown>): Mistake[] {
  const names = Object.keys(columns);
  const [, , table] = path;
  if (!Object.hasOwn(columns, named)) {
    const actual = unknownName(named, names);
    return [
      { path, message: `${path.join('.')}: the template expected a column of ${String(table)}, actual ${actual}` },
    ];
  }
  const rule = columns[named];
  if (rule === 'keep' || recordOf(rule)['keep'] !== undefined) return [];
  return [
    {
      path,
      message: `${path.join('.')}: the template expected a column that is kept, actual \`${named}\`, which is itself masked`,
    },
  ];
}
