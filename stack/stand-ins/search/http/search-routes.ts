import { z } from 'zod';
import { search, type SearchRequest } from '../query/search.ts';
import { notImplemented } from '../refusal.ts';
import { count, indexUid, queryCount, queryFlag, queryList } from './fields.ts';
import { checked, readJson, readQuery } from './input.ts';
import { ok, type Route, type Service } from './route.ts';

const names = z.array(z.string()).nullish();
const any = z.unknown().optional();

/** Every parameter of a real server, in its order. Those without a form of their own are refused when they are used. */
const parameters = {
  q: z.string().nullish(),
  offset: count.optional(),
  limit: count.optional(),
  page: count.optional(),
  hitsPerPage: count.optional(),
  attributesToRetrieve: names,
  attributesToCrop: any,
  cropLength: any,
  cropMarker: any,
  attributesToHighlight: any,
  highlightPreTag: any,
  highlightPostTag: any,
  showMatchesPosition: any,
  filter: any,
  sort: names,
  distinct: any,
  facets: names,
  matchingStrategy: z.enum(['last', 'all', 'frequency']).optional(),
  attributesToSearchOn: names,
  rankingScoreThreshold: any,
  locales: any,
  hybrid: any,
  vector: any,
  retrieveVectors: any,
  media: any,
  personalize: any,
  useNetwork: any,
  showRankingScore: any,
  showRankingScoreDetails: any,
  showPerformanceDetails: any,
};

const body = z.strictObject(parameters);
const multiSearch = z.strictObject({ federation: any, queries: z.array(z.looseObject({ indexUid })) });
const query = z.strictObject({
  ...parameters,
  offset: queryCount.optional(),
  limit: queryCount.optional(),
  page: queryCount.optional(),
  hitsPerPage: queryCount.optional(),
  attributesToRetrieve: queryList.optional(),
  sort: queryList.optional(),
  facets: queryList.optional(),
  attributesToSearchOn: queryList.optional(),
  showMatchesPosition: queryFlag.optional(),
  retrieveVectors: queryFlag.optional(),
  showRankingScore: queryFlag.optional(),
  showRankingScoreDetails: queryFlag.optional(),
});

/** Change nothing without a parameter that is refused. */
const harmless = new Set(['cropLength', 'cropMarker', 'highlightPreTag', 'highlightPostTag', 'filter']);
const unsupported = Object.entries(parameters)
  .filter(([name, schema]) => schema === any && !harmless.has(name))
  .map(([name]) => name);

export const searchRoutes: Route[] = [
  {
    method: 'POST',
    url: '/indexes/:uid/search',
    action: 'search',
    handle: (request, service) => ok(run(service, request.params['uid'] ?? '', readJson(body, request, 'search'))),
  },
  {
    method: 'GET',
    url: '/indexes/:uid/search',
    action: 'search',
    handle: (request, service) =>
      ok(run(service, request.params['uid'] ?? '', readQuery(query, request.query, 'search'))),
  },
  {
    method: 'POST',
    url: '/multi-search',
    action: 'search',
    handle(request, service) {
      const { queries, federation } = readJson(multiSearch, request, 'search');
      if (federation !== undefined && federation !== null) throw notImplemented('federated search');
      const results = queries.map(({ indexUid, ...parameters }) => {
        request.access.require(indexUid);
        return { indexUid, ...run(service, indexUid, checked(body, parameters, 'search', 'body')) };
      });
      return ok({ results });
    },
  },
];

/** Searches with parameters whose form was checked. */
function run({ data, clock }: Service, uid: string, parameters: Record<string, unknown>): Record<string, unknown> {
  for (const name of unsupported) {
    const value = parameters[name] ?? false;
    if (value !== false) throw notImplemented(`the search parameter \`${name}\``);
  }
  const request = parameters as Omit<SearchRequest, 'matchingStrategy'> & { matchingStrategy?: string };
  if (request.matchingStrategy === 'frequency') throw notImplemented('the matching strategy `frequency`');
  return search(data.indexes.store(uid).reader, uid, request as SearchRequest, clock);
}
