import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { execa } from '../programs/execa.ts';
import { describe, expect, test } from 'vitest';
import { projectFolder } from '../harness/project.ts';

/**
 * Which folders a folder may import from, beside itself. `domain` stands alone; the phases stand on it; only the
 * harness knows them all.
 */
const mayImport: Record<string, readonly string[]> = {
  domain: [],
  files: [],
  programs: [],
  runbooks: ['domain'],
  stack: ['domain', 'programs'],
  fixtures: ['domain', 'stack'],
  faults: ['domain', 'stack'],
  recovery: ['domain', 'programs', 'stack'],
  masking: ['domain', 'stack'],
  smoke: ['domain', 'stack'],
  checks: ['domain'],
  reports: ['domain', 'files', 'programs'],
  evidence: ['domain', 'files'],
  schedule: ['domain', 'files', 'reports'],
  notify: ['domain', 'files', 'reports'],
  history: ['domain', 'files', 'reports', 'evidence', 'schedule', 'quarterly'],
  quarterly: ['domain', 'files', 'reports', 'evidence', 'schedule'],
  harness: [
    'domain',
    'files',
    'programs',
    'runbooks',
    'stack',
    'fixtures',
    'faults',
    'recovery',
    'masking',
    'smoke',
    'checks',
    'reports',
    'evidence',
  ],
  drills: ['domain', 'harness', 'faults'],
  bin: [
    'domain',
    'files',
    'programs',
    'harness',
    'runbooks',
    'stack',
    'reports',
    'evidence',
    'schedule',
    'notify',
    'quarterly',
    'history',
  ],
};

interface Source {
  file: string;
  folder: string;
  text: string;
  isTest: boolean;
}

const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts'], {
  cwd: projectFolder,
});
const sources: Source[] = await Promise.all(
  stdout
    .split('\n')
    .filter((file) => file !== '')
    .map(async (file) => ({
      file,
      folder: file.split('/')[0] ?? '',
      text: await readFile(join(projectFolder, file), 'utf8'),
      isTest:
        /\.(test|contract|test-data|test-d)\.ts$/.test(file) || /test-support/.test(file) || file.startsWith('tests/'),
    })),
);
const product = sources.filter(({ isTest, folder }) => !isTest && folder in mayImport);

/** The folders that a file imports from, with the line of each import. */
function importedFolders({ file, text }: Source): { folder: string; path: string }[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) => {
    const target = normalize(join(dirname(file), path));
    return { folder: target.split('/')[0] ?? '', path };
  });
}

/** Lines of a file without its comments, which may name what the code may not. */
function codeOf({ text }: Source): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function offences(check: (source: Source) => string[]): (among: readonly Source[]) => string[] {
  return (among) => among.flatMap((source) => check(source).map((offence) => `${source.file}: ${offence}`));
}

const wrongDirections = offences((source) =>
  importedFolders(source)
    .filter(({ folder }) => folder !== source.folder && !mayImport[source.folder]?.includes(folder))
    .map(({ path }) => `imports ${path}`),
);
const tooLong = offences(({ text }) => {
  const lines = text.trimEnd().split('\n').length;
  return lines > 250 ? [`${lines} lines`] : [];
});
const readsTheClock = offences((source) => {
  if (source.file === 'domain/clock.ts') return [];
  return codeOf(source).match(/\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\)|\bprocess\.hrtime\b/g) ?? [];
});
/** Folders whose code runs in a run, where every program and client gets an environment that is chosen. */
const partOfRuns: readonly string[] = [
  'domain',
  'stack',
  'recovery',
  'faults',
  'masking',
  'smoke',
  'checks',
  'harness',
  'reports',
  'evidence',
];
const passesItsEnvironmentOn = offences((source) => {
  if (!partOfRuns.includes(source.folder)) return [];
  const code = codeOf(source);
  const started = code.match(/\b(?:execa|fork|spawn)\((?!\{)/g) ?? [];
  const chosen =
    code.match(/\bextendEnv: false\b|\binProgramEnvironment\(\)(?!:)|\benv: \{ \.\.\.(?:p|ownP)rogramEnvironment\(/g) ??
    [];
  return [
    ...(code.match(/\.\.\.process\.env\b/g) ?? []),
    ...(started.length > chosen.length ? [`${started.length} programs, ${chosen.length} chosen environments`] : []),
  ];
});
const connectsOnItsOwn = offences((source) => {
  if (source.folder === 'fixtures' || source.file === 'stack/clients.ts') return [];
  return codeOf(source).match(/\bnew (?:Pg)?(?:Client|Pool|Meilisearch|MinioClient)\(/g) ?? [];
});
/** Loops that pause and are no waiting: they work, or keep a rate, until they are stopped. */
const workInLoops: readonly string[] = [
  'harness/markers.ts',
  'smoke/sustained.ts',
  'fixtures/art-market/worker/worker.ts',
];
const waitsOnItsOwn = offences((source) => {
  if (source.file === 'domain/ask-until.ts' || workInLoops.includes(source.file)) return [];
  const code = codeOf(source);
  const isLoop = /\bfor \([^;)]*;[^;]*;[^)]*\) \{|\bwhile \(|\bdo \{/.test(code);
  return [
    // A message to somebody outside, which is sent three times at most.
    ...(source.file === 'notify/send.ts' ? [] : (code.match(/\bfrom 'p-retry'/g) ?? [])),
    ...(isLoop ? (code.match(/\bawait (?:sleep|pause|setTimeout)\(|\bsetTimeout\(resolve\b/g) ?? []) : []),
  ];
});
/** A path is not the path of its URL: blanks, umlauts, % and # are written in another way there. */
const takesUrlsForPaths = offences((source) => [
  // These two read what a request asks for.
  ...(['harness/controls/endpoints.ts', 'faults/http-proxy.ts'].includes(source.file)
    ? []
    : (codeOf(source).match(/\.pathname\b/g) ?? [])),
  ...(source.text.match(/\bfile:\/\/(?!\/)/g) ?? []),
  // A name that is no literal may have a # or a % in it.
  ...(codeOf(source).match(/\bnew URL\((?:[a-z]\w*|`[^`]*\$\{[^`]*`), (?:import\.meta\.url|folder)\)/g) ?? []),
]);
/** Folders that do, read and measure. What they found is judged in `checks`, or by a step of the harness. */
const neverJudge: readonly string[] = ['stack', 'fixtures', 'faults', 'recovery', 'masking', 'smoke'];
const judgesOnItsOwn = offences((source) =>
  neverJudge.includes(source.folder) ? (codeOf(source).match(/\bfinding\(/g) ?? []) : [],
);
const focused = offences(({ text }) => text.match(/\b(?:describe|test|it)(?:\.\w+)*\.only\b/g) ?? []);
const retries = offences((source) => codeOf(source).match(/\bretry:\s*[1-9]/g) ?? []);
const prints = offences((source) => codeOf(source).match(/\bconsole\.\w+/g) ?? []);
const knowsTheDemo = offences((source) => {
  if (source.folder === 'fixtures' || source.folder === 'runbooks') return [];
  return (
    codeOf(source).match(/\b(artworks?|artists?|art.?market|firm.?template|artfromromania|romart|customers?)\b/gi) ?? []
  );
});

/** The one place outside fixtures and runbooks that names a system: a drill says which runbook it rehearses. */
const withoutDrills = product.filter(({ folder }) => folder !== 'drills');
describe('architecture', () => {
  test('there is something to look at', () => {
    expect(product.length).toBeGreaterThan(50);
  });
  test('imports follow the direction of the design', () => expect(wrongDirections(product)).toEqual([]));
  test('nobody imports drills', () => {
    const importers = product.filter((source) => importedFolders(source).some(({ folder }) => folder === 'drills'));
    expect(importers.map(({ file }) => file)).toEqual([]);
  });
  test('no file is longer than 250 lines', () => expect(tooLong(sources)).toEqual([]));
  test('only the clock tells the time', () => expect(readsTheClock(product)).toEqual([]));
  test('no file is found by the text of a URL', () => {
    expect(takesUrlsForPaths(sources.filter(({ file }) => file !== 'tests/architecture.test.ts'))).toEqual([]);
  });
  test('what a run starts gets an environment that is chosen', () => {
    expect(passesItsEnvironmentOn(product)).toEqual([]);
  });
  test('clients of the stores are made in one place', () => expect(connectsOnItsOwn(product)).toEqual([]));
  test('what does and measures does not judge', () => expect(judgesOnItsOwn(product)).toEqual([]));
  test('there is one way to wait', () => expect(waitsOnItsOwn(product)).toEqual([]));
  test('no test is focused', () => expect(focused(sources)).toEqual([]));
  test('nothing is retried', () => expect(retries(sources)).toEqual([]));
  test('nothing prints on its own', () => expect(prints(product)).toEqual([]));
  test('only fixtures, runbooks and the drills know the demo system', () => {
    expect(knowsTheDemo(withoutDrills)).toEqual([]);
  });
});

describe('the rules themselves turn red', () => {
  const source = (file: string, text: string): Source[] => [
    { file, folder: file.split('/')[0] ?? '', text, isTest: false },
  ];

  test.for([
    ['a wrong direction', wrongDirections, 'domain/a.ts', "import { x } from '../stack/x.ts';"],
    ['a re-export in a wrong direction', wrongDirections, 'checks/a.ts', "export { x } from '../harness/x.ts';"],
    ['a dynamic import in a wrong direction', wrongDirections, 'smoke/a.ts', "await import('../drills/x.drill.ts');"],
    ['a long file', tooLong, 'stack/a.ts', 'x\n'.repeat(251)],
    ['Date.now', readsTheClock, 'stack/a.ts', 'const x = Date.now();'],
    ['new Date()', readsTheClock, 'stack/a.ts', 'const x = new Date();'],
    ['an environment that is passed on', passesItsEnvironmentOn, 'stack/a.ts', 'const env = { ...process.env, A: 1 };'],
    ['a program without an environment', passesItsEnvironmentOn, 'recovery/a.ts', "await execa('git', ['status'])"],
    ['a client of its own', connectsOnItsOwn, 'recovery/a.ts', 'const client = new Client(connection);'],
    ['a judgement', judgesOnItsOwn, 'recovery/a.ts', "return finding('backup.verified', true, facts);"],
    ['a loop that waits', waitsOnItsOwn, 'harness/a.ts', 'for (;;) {\n  await sleep(1);\n}'],
    [
      'a loop that waits by a timer',
      waitsOnItsOwn,
      'smoke/a.ts',
      'while (!is) {\n  await new Promise((resolve) => setTimeout(resolve, 1));\n}',
    ],
    ['a library that tries again', waitsOnItsOwn, 'stack/a.ts', "import pRetry from 'p-retry';"],
    ['the path of a URL', takesUrlsForPaths, 'stack/a.ts', "new URL('a.ts', import.meta.url).pathname"],
    ['a URL made of text', takesUrlsForPaths, 'stack/a.ts', 'import(`file://${path}`)'],
    ['a URL of any name', takesUrlsForPaths, 'stack/a.ts', 'read(new URL(name, import.meta.url))'],
    ['a focused test', focused, 'stack/a.test.ts', ['test', "only('x')"].join('.')],
    ['a retry', retries, 'vitest.config.ts', ['retry', ' 2'].join(':')],
    ['console', prints, 'stack/a.ts', "console.log('x')"],
    ['a name of the demo', knowsTheDemo, 'harness/a.ts', "index('artworks')"],
  ] as const)('%s is found', ([, rule, file, text]) => {
    expect(rule(source(file, text))).toHaveLength(1);
  });
});
