/** A patch of our own to the product, and the test that must turn red with it. */
export interface Mutation {
  /** In small letters and dashes, each once. */
  name: string;
  /** File that it changes, from the project's folder. */
  file: string;
  /** Text that stands there exactly once. */
  find: string;
  replace: string;
  /** What would be green and wrong. */
  why: string;
  caughtBy: {
    /** Test file, from the project's folder. */
    test: string;
    /** Part of the test's title, where the file has tests that take long. */
    title?: string;
  };
  /** Its test needs a real server: played with `--slow` only. */
  slow?: true;
}
