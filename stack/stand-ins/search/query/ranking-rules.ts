/** Order by the values of an attribute. */
export interface AttributeOrder {
  attribute: string;
  direction: 'asc' | 'desc';
}

/** Rules that look at the words of a query; the others order by an attribute. `attribute` is the older name of two of them. */
const wordRules = ['words', 'typo', 'proximity', 'attributeRank', 'wordPosition', 'attribute', 'exactness'] as const;
export type WordRule = (typeof wordRules)[number];

/** `title:asc` as an order; `undefined` for anything else, `sort` and the rules on words included. */
export function asCustomOrder(rule: string): AttributeOrder | undefined {
  const [, attribute, direction] = /^(.+):(asc|desc)$/.exec(rule) ?? [];
  return attribute && direction ? { attribute, direction: direction as 'asc' | 'desc' } : undefined;
}

export function isWordRule(rule: string): rule is WordRule {
  return (wordRules as readonly string[]).includes(rule);
}
