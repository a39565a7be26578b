import http, { Agent } from 'node:http';
import https, { Agent as SecureAgent } from 'node:https';
import { Agent as Dispatcher, setGlobalDispatcher } from 'undici';
import { runEnvironment } from '../domain/environment.ts';

/**
 * Makes the environment of this process the one of a run, before it opens a connection or starts anything: libraries
 * read variables of their own (`pg` those of PostgreSQL), and what is started here and names no environment has this one.
 */
export function chooseOwnEnvironment(): void {
  const chosen = runEnvironment(process.env);
  for (const name of Object.keys(process.env)) if (!(name in chosen)) delete process.env[name];
  Object.assign(process.env, chosen);
  connectDirectly();
}

/**
 * From here on this process connects to the address that it asks for. A person's proxy (`NODE_USE_ENV_PROXY` with
 * `HTTP_PROXY`) is read once, when Node starts, and would be asked for servers on this machine too.
 */
export function connectDirectly(): void {
  setGlobalDispatcher(new Dispatcher());
  http.globalAgent = new Agent(pooled);
  https.globalAgent = new SecureAgent(pooled);
}

/** As Node's own agents: connections are kept for the next request. */
export const pooled = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;
