import { z } from 'zod';
import type { Json } from '../json.ts';
import { asCustomOrder, isWordRule } from '../query/ranking-rules.ts';
import { refuseWithoutEffect, settingNames, shownSettings, type SettingName, type SettingsPatch } from '../settings.ts';
import { readMeta } from '../store/index-store.ts';
import { taskSummary } from '../tasks/task-view.ts';
import { count } from './fields.ts';
import { accepted } from './index-routes.ts';
import { checked, parseJson } from './input.ts';
import { ok, type Answer, type Incoming, type Method, type Route, type Service } from './route.ts';

const names = z.array(z.string()).nullish();
const json = z.json().nullish();
const rankingRule = z
  .string()
  .refine((rule) => rule === 'sort' || isWordRule(rule) || asCustomOrder(rule) !== undefined, {
    error: (issue) =>
      `\`${String(issue.input)}\` ranking rule is invalid. Valid ranking rules are words, typo, sort, proximity, attribute, attributeRank, wordPosition, exactness and custom ranking rules.`,
  });

/** The form of every setting, in the order in which a real server lists them. */
const patchSchema = z.strictObject({
  displayedAttributes: names,
  searchableAttributes: names,
  filterableAttributes: z.array(z.json()).nullish(),
  sortableAttributes: names,
  foreignKeys: json,
  rankingRules: z.array(rankingRule).nullish(),
  stopWords: names,
  nonSeparatorTokens: names,
  separatorTokens: names,
  dictionary: names,
  synonyms: z.record(z.string(), z.array(z.string())).nullish(),
  distinctAttribute: z.string().nullish(),
  proximityPrecision: z.enum(['byWord', 'byAttribute']).nullish(),
  typoTolerance: z
    .strictObject({
      enabled: z.boolean().nullish(),
      minWordSizeForTypos: z.strictObject({ oneTypo: count.nullish(), twoTypos: count.nullish() }).nullish(),
      disableOnWords: names,
      disableOnAttributes: names,
      disableOnNumbers: z.boolean().nullish(),
    })
    .nullish(),
  faceting: z
    .strictObject({
      maxValuesPerFacet: count.nullish(),
      sortFacetValuesBy: z.record(z.string(), z.enum(['alpha', 'count'])).nullish(),
    })
    .nullish(),
  pagination: z.strictObject({ maxTotalHits: count.nullish() }).nullish(),
  embedders: json,
  searchCutoffMs: count.nullish(),
  localizedAttributes: json,
  facetSearch: z.boolean().nullish(),
  prefixSearch: z.enum(['indexingTime', 'disabled']).nullish(),
  chat: json,
});

/** Settings that are objects are changed by PATCH, the others set by PUT. */
const patched: readonly SettingName[] = ['typoTolerance', 'faceting', 'pagination', 'embedders', 'chat'];

const whole = '/indexes/:uid/settings';

export const settingsRoutes: Route[] = [
  {
    method: 'GET',
    url: whole,
    action: 'settings.get',
    handle: (request, service) => ok(shownSettings(settingsOf(request, service))),
  },
  {
    method: 'PATCH',
    url: whole,
    action: 'settings.update',
    handle: (request, service) => change(request, service, readPatch(request)),
  },
  {
    method: 'DELETE',
    url: whole,
    action: 'settings.update',
    handle: (request, service) => change(request, service, everyDefault(), true),
  },
  ...settingNames.flatMap(routesOfSetting),
];

function routesOfSetting(name: SettingName): Route[] {
  const url = `${whole}/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const method: Method = patched.includes(name) ? 'PATCH' : 'PUT';
  return [
    {
      method: 'GET',
      url,
      action: 'settings.get',
      handle: (request, service) => ok(settingsOf(request, service)[name]),
    },
    {
      method,
      url,
      action: 'settings.update',
      handle: (request, service) => change(request, service, readPatch(request, name)),
    },
    {
      method: 'DELETE',
      url,
      action: 'settings.update',
      handle: (request, service) => change(request, service, { [name]: null }),
    },
  ];
}

function settingsOf({ params: { uid = '' } }: Incoming, { data }: Service) {
  return readMeta(data.indexes.store(uid).reader).settings;
}

/** The change that a body asks for; the body of one setting is its value alone. */
function readPatch({ body, contentType }: Incoming, name?: SettingName): SettingsPatch {
  const value = parseJson(body, contentType);
  const given = checked(patchSchema, name ? { [name]: value } : value, 'settings', 'body');
  // In the order of the settings, as a real server tells them in the details of the task.
  const ordered = settingNames
    .filter((known) => given[known] !== undefined)
    .map((known) => [known, given[known] as Json]);
  const patch = Object.fromEntries(ordered) as SettingsPatch;
  refuseWithoutEffect(patch);
  return patch;
}

function change(
  { params: { uid = '' } }: Incoming,
  { scheduler }: Service,
  settings: SettingsPatch,
  isDeletion = false,
): Answer {
  const content = { settings: { settings, is_deletion: isDeletion, allow_index_creation: true } };
  const task = scheduler.enqueue({ indexUid: uid, content, details: { SettingsUpdate: { settings } } });
  return accepted(taskSummary(task));
}

function everyDefault(): SettingsPatch {
  return Object.fromEntries(settingNames.map((name) => [name, null]));
}
