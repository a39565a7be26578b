import { DrillError } from '../domain/drill-error.ts';
import type { Target } from '../domain/fault.ts';
import type { AppProcess, RunningService, Stack, StoreAccess } from '../domain/service.ts';

export { struckServices, type StruckService, type Target } from '../domain/fault.ts';

/** How a service is reached: as its own client wants to be told. */
export type Access =
  | { [Store in keyof StoreAccess]: { service: Store; access: StoreAccess[Store] } }[keyof StoreAccess]
  | { service: 'api'; access: { baseUrl: string } };

/** The service that a fault is to strike. Throws a `DrillError` (`configuration`) where no such process was started. */
export function serviceOf(stack: Stack, target: Target): RunningService {
  return target.service === 'api' ? apiOf(stack, target) : stack[target.service];
}

/** How the service is reached without anything in front of it. Throws as `serviceOf` does. */
export function directAccessOf(stack: Stack, target: Target): Access {
  const { service } = target;
  if (service === 'postgres') return { service, access: stack.postgres.connection };
  if (service === 'objects') return { service, access: stack.objects.access };
  if (service === 'search') return { service, access: stack.search.access };
  return { service, access: { baseUrl: apiOf(stack, target).baseUrl } };
}

/** The address of an access on loopback. */
export function addressOf({ service, access }: Access): { host: string; port: number } {
  if (service === 'postgres') return { host: access.host, port: access.port };
  if (service === 'objects') return { host: access.endpoint, port: access.port };
  const { hostname, port } = new URL(service === 'search' ? access.host : access.baseUrl);
  return { host: hostname, port: Number(port) };
}

/** The same access by another port of 127.0.0.1. */
export function accessByPort(reached: Access, port: number): Access {
  const { service, access } = reached;
  const [host, url] = ['127.0.0.1', `http://127.0.0.1:${port}`];
  if (service === 'postgres') return { service, access: { ...access, host, port } };
  if (service === 'objects') return { service, access: { ...access, endpoint: host, port } };
  if (service === 'search') return { service, access: { ...access, host: url } };
  return { service, access: { baseUrl: url } };
}

/** How a target is written in names and questions: `search`, `api (second)`, or `api (production, app-1)`. */
export function nameOf({ service, role, instance }: Target): string {
  const which = [role, instance].filter((part) => part !== undefined).join(', ');
  return which === '' ? service : `${service} (${which})`;
}

function apiOf(stack: Stack, { role, instance }: Target): AppProcess & { baseUrl: string } {
  const isMeant = ({ info, baseUrl }: AppProcess): boolean =>
    info.service === 'api' &&
    baseUrl !== undefined &&
    (role === undefined || info.role === role) &&
    (instance === undefined || info.instance === instance);
  const found = stack.apps().findLast(isMeant);
  if (found?.baseUrl !== undefined) return found as AppProcess & { baseUrl: string };
  const which = [role && `of the role ${role}`, instance && `named ${instance}`].filter(Boolean).join(' and ');
  throw new DrillError({
    code: 'configuration',
    service: 'api',
    what: 'a fault has nothing to strike',
    expected: `an API process that listens${which && `, ${which}`}`,
    actual: `${stack.apps().length} processes of the application, none of them such`,
  });
}
