import { programEnvironment } from '../domain/environment.ts';

/** For `execa`: a tool of the machine in an environment that is chosen, with nothing of this process's beside it. */
export function inProgramEnvironment(): { env: Record<string, string>; extendEnv: false } {
  return { env: programEnvironment(process.env), extendEnv: false };
}
