// Copies what the project's search stand-in needs to run alone: `node copy-files.mjs TARGET`. The files are found by
// following the imports from its main file, the packages by following their dependencies; Node itself is the one of
// the project. Nothing is listed by hand, so nothing can be forgotten.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const target = process.argv[2];
if (target === undefined) throw new Error('usage: copy-files.mjs TARGET');

const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;
// What is read by path and not imported.
const readByPath = /new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g;
const files = new Set();
const packages = new Set();

function followFile(file) {
  if (files.has(file)) return;
  files.add(file);
  if (!/\.[cm]?[jt]s$/.test(file)) return;
  const text = readFileSync(file, 'utf8');
  for (const [, specifier] of text.matchAll(importPattern)) {
    if (specifier.startsWith('.')) followFile(join(dirname(file), specifier));
    else if (!isBuiltin(specifier)) followPackage(nameOf(specifier), dirname(file));
  }
  for (const [, path] of text.matchAll(readByPath)) {
    const read = join(dirname(file), path);
    if (existsSync(read)) followFile(read);
  }
}

function nameOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The nearest folder of the package, as Node looks for it. */
function followPackage(name, from) {
  for (let folder = from; folder.startsWith(project.replace(/\/$/, '')); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (!existsSync(join(found, 'package.json'))) continue;
    if (packages.has(found)) return;
    packages.add(found);
    const { dependencies = {} } = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) followPackage(dependency, found);
    return;
  }
  throw new Error(`the package ${name} is not installed (run npm ci)`);
}

function copy(path) {
  const to = join(target, relative(project, path));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(path, to, { recursive: true });
}

followFile(join(project, 'stack/stand-ins/search/main.ts'));
for (const path of [...files, ...packages, join(project, 'package.json')]) copy(path);
mkdirSync(join(target, 'bin'), { recursive: true });
cpSync(join(project, 'node_modules/node/bin/node'), join(target, 'bin/node'));
process.stdout.write(`${files.size} files, ${packages.size} packages\n`);
