/** Something that is not as it was sealed or signed. */
export interface Problem {
  /** The file, with the line in a ledger. */
  where: string;
  what: string;
  /** Line of the ledger, from 1, where the problem is one of a line. */
  line?: number;
}

/** What a verification has looked at and found. Without problems, everything that `checked` names is right. */
export interface Verification {
  problems: Problem[];
  /** What was checked, in words with figures. */
  checked: string[];
  /** What could not be checked, and why. */
  notChecked: string[];
}
