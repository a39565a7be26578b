/** Ways in which a command is ended from outside: by a signal, or since nobody reads its output any more. */
export const endings = {
  SIGINT: { exitCode: 130, told: 'SIGINT' },
  SIGTERM: { exitCode: 143, told: 'SIGTERM' },
  SIGHUP: { exitCode: 129, told: 'SIGHUP' },
  /** Node never gets this signal: a write says that the pipe is closed. */
  SIGPIPE: { exitCode: 141, told: 'the end of its output' },
} as const;

export type EndingName = keyof typeof endings;

/** Those that come as a signal. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** By which signal the process that runs a drill is told; its own output is a pipe that is still read. */
export function signalFor(name: EndingName): NodeJS.Signals {
  return name === 'SIGPIPE' ? 'SIGUSR2' : name;
}

/** All signals by which it may be told, with what each means. */
export const toldBy = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGHUP', SIGUSR2: 'SIGPIPE' } as const;
