import type { SQLInputValue } from 'node:sqlite';
import { covers } from '../json.ts';
import { FilterSyntaxError } from './filter-error.ts';
import type { Condition, Filter } from './filter.ts';
import { lettersOf, normalized } from './words.ts';

/** A condition on `d.docid`, where `d` is the table of documents, with the values of its placeholders. */
export interface SqlCondition {
  sql: string;
  values: SQLInputValue[];
}

export interface FilterContext {
  indexUid: string;
  filterableAttributes: readonly string[];
  /** Numbers of the fields that an attribute stands for: itself and what is below it. */
  fieldsOf(attribute: string): number[];
}

/** Kinds of rows in the table of facets that hold no value. */
export const nullKind = 1;
export const emptyKind = 2;

/**
 * Turns a filter into SQL over the table of facets. Every placeholder is bound, never pasted. Throws when an attribute is
 * not filterable, in the words and with the place that a real server gives.
 */
export function filterSql(filter: Filter, context: FilterContext): SqlCondition {
  if (filter.kind === 'not') {
    const { sql, values } = filterSql(filter.term, context);
    return { sql: `NOT ${sql}`, values };
  }
  if (filter.kind === 'condition') return conditionSql(filter, context);
  const terms = filter.terms.map((term) => filterSql(term, context));
  return {
    sql: balanced(
      terms.map((term) => term.sql),
      filter.kind.toUpperCase(),
    ),
    values: terms.flatMap((term) => term.values),
  };
}

function conditionSql(condition: Condition, context: FilterContext): SqlCondition {
  requireFilterable(condition, context);
  const { operator, values } = condition;
  const fields = context.fieldsOf(condition.attribute).join(',');
  if (operator === '!=') {
    const equal = conditionSql({ ...condition, operator: '=' }, context);
    return { sql: `NOT ${equal.sql}`, values: equal.values };
  }
  const test = valueTest(operator, values);
  return {
    sql: `d.docid IN (SELECT docid FROM facets WHERE field IN (${fields}) AND ${test.sql})`,
    values: test.values,
  };
}

function valueTest(operator: Condition['operator'], values: string[]): SqlCondition {
  const [first = '', second = ''] = values;
  switch (operator) {
    case 'EXISTS':
      return { sql: '1', values: [] };
    case 'IS NULL':
      return { sql: `kind = ${nullKind}`, values: [] };
    case 'IS EMPTY':
      return { sql: `kind = ${emptyKind}`, values: [] };
    case '=':
    case 'IN':
      return {
        sql: '(string IN (SELECT value FROM json_each(?)) OR number IN (SELECT value FROM json_each(?)))',
        values: [JSON.stringify(values.map(facetText)), JSON.stringify(values.filter(isNumber).map(Number))],
      };
    case 'STARTS WITH':
      return { sql: 'substr(string, 1, ?) = ?', values: [lettersOf(facetText(first)).length, facetText(first)] };
    case 'TO':
      return isNumber(first) && isNumber(second)
        ? { sql: 'number BETWEEN ? AND ?', values: [Number(first), Number(second)] }
        : { sql: 'string BETWEEN ? AND ?', values: [facetText(first), facetText(second)] };
    default:
      return isNumber(first)
        ? { sql: `number ${operator} ?`, values: [Number(first)] }
        : { sql: `string ${operator} ?`, values: [facetText(first)] };
  }
}

/** How a text is written in the table of facets: without spaces around it, case and accents. */
export function facetText(value: string): string {
  return normalized(value.trim());
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function requireFilterable({ attribute, operator, values }: Condition, context: FilterContext): void {
  const { filterableAttributes, indexUid } = context;
  if (filterableAttributes.some((pattern) => covers(pattern, attribute))) return;
  const available = filterableAttributes
    .toSorted()
    .map((pattern) => `\`${pattern}\``)
    .join(', ');
  const reason = available
    ? `Available filterable attribute patterns are: ${available}.`
    : 'This index does not have configured filterable attributes.';
  const words = `Index \`${indexUid}\`: Attribute \`${attribute}\` is not filterable. ${reason}`;
  const shown = `"${attribute}" ${operator} ${values.map((value) => `"${value}"`).join(', ')}`.trimEnd();
  throw new FilterSyntaxError(words, 1, 1 + attribute.length, shown);
}

/** Joins as a balanced tree: SQLite limits the depth of an expression to 1,000, not its length. */
function balanced(terms: string[], operator: string): string {
  if (terms.length === 1) return terms[0] ?? '1';
  const half = Math.ceil(terms.length / 2);
  return `(${balanced(terms.slice(0, half), operator)} ${operator} ${balanced(terms.slice(half), operator)})`;
}
