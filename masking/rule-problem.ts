import type { ColumnRef, ColumnRule } from '../domain/masking.ts';
import { columnType, type ColumnType } from './column-type.ts';
import { parseTemplate, templateColumns } from '../domain/masking-template.ts';

/** A column with what is known of it; without a catalogue only its declared type is. */
export type KnownColumn = ColumnRef & { baseType?: string; notNull?: boolean };

/** What a rule needs to be judged: its column and, by name, the columns and rules of the same table. */
export interface RuleContext {
  column: KnownColumn;
  columns: ReadonlyMap<string, KnownColumn>;
  rules: Readonly<Record<string, ColumnRule>>;
}

/** Why a rule cannot work on its column, in words; `undefined` when it can. */
export function ruleProblem(rule: ColumnRule, context: RuleContext): string | undefined {
  const { column } = context;
  const type = columnType(column.baseType ?? column.type);
  if (rule.kind === 'keep') return undefined;
  if (rule.kind === 'null') return column.notNull ? '`null` on a column that is NOT NULL' : undefined;
  if (rule.kind === 'redact') return redactProblem(rule.as, type, column.type);
  return referenceProblem(rule.template, context) ?? templateProblem(rule.template, type, column.type);
}

function redactProblem(as: 'text' | 'json' | 'array', type: ColumnType, name: string): string | undefined {
  if (as !== 'array') return type.family === as ? undefined : `\`redact: ${as}\` on a column of type ${name}`;
  if (type.element === undefined) return `\`redact: array\` on a column of type ${name}`;
  if (['text', 'number', 'boolean'].includes(type.element.family)) return undefined;
  return `\`redact: array\` on a column of type ${name}: only elements that are text, numbers or booleans can be redacted`;
}

/** A template may only name columns that are there and kept: another one's source value would come through. */
function referenceProblem(template: string, { column, columns, rules }: RuleContext): string | undefined {
  for (const name of templateColumns(template)) {
    if (!columns.has(name)) return `the template names {${name}}, which ${column.schema}.${column.table} does not have`;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule !== undefined && rule.kind !== 'keep') return `the template names {${name}}, which is itself masked`;
  }
  return undefined;
}

const numberPattern = /^-?\d+(\.\d+)?$/;
const patterns: Partial<Record<ColumnType['family'], RegExp>> = {
  number: numberPattern,
  boolean: /^(true|false|t|f)$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/,
};

/**
 * Whether what a template makes is a value of the type, each column in it standing as the digit 0. Types that are not
 * known here are left to the server, which refuses a wrong value when it is loaded.
 */
function templateProblem(template: string, type: ColumnType, name: string): string | undefined {
  const parts = parseTemplate(template);
  const sample = parts.map((part) => ('text' in part ? part.text : '0')).join('');
  const wrong = `\`replace\` makes no value of type ${name}`;
  if (type.family === 'json') return isJson(sample) ? undefined : wrong;
  if (type.family === 'text' && sample.length > (type.limit ?? Infinity)) return `${wrong}: it is longer`;
  return patterns[type.family]?.test(sample) === false ? wrong : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
