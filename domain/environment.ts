/** Variables of the environment, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every program needs of the machine and the person: where programs, libraries and temporary files are. */
const ofTheMachine = /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TMP|TEMP|LD_LIBRARY_PATH|DYLD_\w+)$/;

/** What this program itself reads beside that: its own settings, the container engine's, the terminal's, those of CI. */
const ofOurOwn =
  /^(FIREDRILL_\w+|DOCKER_\w+|CONTAINER_HOST|TESTCONTAINERS_\w+|RYUK_\w+|XDG_RUNTIME_DIR|NO_COLOR|FORCE_COLOR|TERM|COLORTERM|CI|GITHUB_\w+|GITLAB_\w+|CI_\w+|RUNNER_\w+|VITEST\w*|TEST|NODE_ENV|MALLOC_ARENA_MAX|NODE_COMPILE_CACHE|NODE_DISABLE_COMPILE_CACHE)$/;

/** Chosen for all alike: messages in English, orders and instants that are the same on every machine. */
const chosen = { LC_ALL: 'C', TZ: 'UTC' } as const;

/**
 * The environment of a program that a run starts. It is chosen and not passed on: settings that a person has for
 * PostgreSQL (`PG…`), MinIO, AWS, Meilisearch, Node, git, xz or a proxy would change what is started, or lead it
 * somewhere else.
 */
export function programEnvironment(environment: Environment): Record<string, string> {
  return { ...kept(environment, (name) => ofTheMachine.test(name)), ...chosen };
}

/**
 * The environment of a process of our own that a run starts on this Node: the same, and where compiled modules are kept, so
 * that what each of them loads is compiled once.
 */
export function ownProgramEnvironment(environment: Environment): Record<string, string> {
  const ofTheCache = kept(environment, (name) => /^NODE_(DISABLE_)?COMPILE_CACHE$/.test(name));
  return { ...programEnvironment(environment), ...ofTheCache };
}

/** The environment of the processes of Firedrill itself that hold a run: the same, and what they read of their own. */
export function runEnvironment(environment: Environment): Record<string, string> {
  return { ...kept(environment, (name) => ofTheMachine.test(name) || ofOurOwn.test(name)), ...chosen };
}

function kept(environment: Environment, isKept: (name: string) => boolean): Record<string, string> {
  const entries = Object.entries(environment).filter(([name, value]) => value !== undefined && isKept(name));
  return Object.fromEntries(entries) as Record<string, string>;
}
