import { isObject, type Json } from './json.ts';
import type { TypoTolerance } from './query/typo.ts';
import { notImplemented } from './refusal.ts';

/** Settings of an index, with the names and in the order of the API and of a dump. */
export interface Settings {
  displayedAttributes: string[];
  searchableAttributes: string[];
  filterableAttributes: string[];
  sortableAttributes: string[];
  foreignKeys: Json[];
  rankingRules: string[];
  stopWords: string[];
  nonSeparatorTokens: string[];
  separatorTokens: string[];
  dictionary: string[];
  synonyms: Record<string, string[]>;
  distinctAttribute: string | null;
  proximityPrecision: string;
  typoTolerance: TypoTolerance;
  faceting: { maxValuesPerFacet: number; sortFacetValuesBy: Record<string, 'alpha' | 'count'> };
  pagination: { maxTotalHits: number };
  embedders: Record<string, Json>;
  searchCutoffMs: number | null;
  localizedAttributes: Json;
  facetSearch: boolean;
  prefixSearch: 'indexingTime' | 'disabled';
  chat: Record<string, Json>;
}

export type SettingName = keyof Settings;

/** Changes to settings; `null` sets a setting back to its default. */
export type SettingsPatch = { [Name in SettingName]?: Json };

export const defaultSettings: Readonly<Settings> = {
  displayedAttributes: ['*'],
  searchableAttributes: ['*'],
  filterableAttributes: [],
  sortableAttributes: [],
  foreignKeys: [],
  rankingRules: ['words', 'typo', 'proximity', 'attributeRank', 'sort', 'wordPosition', 'exactness'],
  stopWords: [],
  nonSeparatorTokens: [],
  separatorTokens: [],
  dictionary: [],
  synonyms: {},
  distinctAttribute: null,
  proximityPrecision: 'byWord',
  typoTolerance: {
    enabled: true,
    minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 },
    disableOnWords: [],
    disableOnAttributes: [],
    disableOnNumbers: false,
  },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { '*': 'alpha' } },
  pagination: { maxTotalHits: 1000 },
  embedders: {},
  searchCutoffMs: null,
  localizedAttributes: null,
  facetSearch: true,
  prefixSearch: 'indexingTime',
  chat: {
    description: '',
    documentTemplate:
      '{% for field in fields %}{% if field.is_searchable and field.value != nil %}{{ field.name }}: {{ field.value }}\n{% endif %}{% endfor %}',
    documentTemplateMaxBytes: 400,
    searchParameters: {},
  },
};

export const settingNames = Object.keys(defaultSettings) as SettingName[];

/** Kept as words of a dump, without effect on an answer of the stand-in; setting one through the API is refused. */
export const settingsWithoutEffect: readonly SettingName[] = [
  'foreignKeys',
  'nonSeparatorTokens',
  'separatorTokens',
  'dictionary',
  'distinctAttribute',
  'embedders',
  'localizedAttributes',
  'chat',
];

/** Only these are shown by `GET /settings`; a dump has all. */
export function shownSettings(settings: Settings): Partial<Settings> {
  const shown = settingNames.filter((name) => name !== 'foreignKeys' && name !== 'chat');
  return Object.fromEntries(shown.map((name) => [name, settings[name]]));
}

/**
 * Settings after a change. Objects with a default are merged key by key, as a real server does; what was removed comes
 * from the default. Lists that are sets are kept in order.
 */
export function withPatch(settings: Settings, patch: SettingsPatch): Settings {
  const changed: Record<string, unknown> = { ...settings };
  for (const name of settingNames) {
    const value = patch[name];
    if (value === undefined) continue;
    const base = defaultSettings[name];
    if (value === null) changed[name] = base;
    else if (name === 'synonyms' || name === 'embedders') changed[name] = value;
    else if (isObject(value)) changed[name] = merged(settings[name] as Json, value, base as Json);
    else changed[name] = name === 'stopWords' ? [...new Set(value as string[])].toSorted() : value;
  }
  return changed as unknown as Settings;
}

/** Refuses a change whose effect the stand-in does not have; the default itself is fine. */
export function refuseWithoutEffect(patch: SettingsPatch): void {
  for (const name of settingsWithoutEffect) {
    const value = patch[name];
    if (value === undefined || value === null) continue;
    if (JSON.stringify(value) !== JSON.stringify(defaultSettings[name]))
      throw notImplemented(`the setting \`${name}\``);
  }
  const severalWords = Object.keys((patch.synonyms ?? {}) as object).find((word) => /\s/.test(word.trim()));
  if (severalWords) throw notImplemented('a synonym of several words');
  const features = Array.isArray(patch.filterableAttributes) ? patch.filterableAttributes : [];
  if (features.some((attribute) => typeof attribute !== 'string')) {
    throw notImplemented('features of `filterableAttributes`; it takes names and patterns');
  }
}

function merged(current: Json, patch: { [name: string]: Json }, base: Json): Json {
  const result: { [name: string]: Json } = isObject(current) ? { ...current } : {};
  for (const [name, value] of Object.entries(patch)) {
    const initial = isObject(base) ? (base[name] ?? null) : null;
    if (value === null) result[name] = initial;
    else result[name] = isObject(value) ? merged(result[name] ?? null, value, initial) : value;
  }
  return result;
}
