/** Files that seal the folder of a run. They are not artefacts themselves: each is verified on its own. */
export const sealFiles = {
  /** Size and sha256 of every artefact. */
  manifest: 'manifest.json',
  /** Ed25519 signature over the bytes of the manifest, 64 bytes. */
  signature: 'manifest.json.sig',
  /** in-toto test-result statement in a DSSE envelope, on one line. */
  attestation: 'attestation.dsse.json',
  /** Public key of the signatures, in PEM. */
  publicKey: 'signer.pem',
} as const;

/** Files that a run writes into its folder, beside those of the seal and those of vitest's reporters. */
export const runFiles = {
  /** Whose folder it is: written first, before anything else is done. */
  claim: 'run.json',
  record: 'drill.json',
} as const;

/** What else a run writes, at the top of its folder; each may have been left half-written by one that died. */
const otherRunFiles: readonly string[] = [
  'report.md',
  'report.html',
  'timeline.jsonl',
  'markers.jsonl',
  'junit.xml',
  'ctrf.json',
  'oscal-assessment-results.json',
  'worker.pid',
];

const ownNames: ReadonlySet<string> = new Set([...Object.values(runFiles), ...otherRunFiles]);

/** Whether a run writes a file of this path, relative to its folder: what else lies there is not sealed with it. */
export function isOwnArtefact(path: string): boolean {
  // A file is written beside its place and then put there: a run that is killed in between leaves the first.
  const name = path.replace(/\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/, '');
  return ownNames.has(name) || /^allure-results\/[^/]+-(?:result\.json|container\.json|attachment[^/]*)$/.test(path);
}

/** A check that needs no word of ours to be believed: what it shows, and the command. */
export interface ByHandCheck {
  title: string;
  command: string;
}

/**
 * The commands that verify a run's folder with `openssl` (3.x), `sha256sum`, `sed` and `base64`, run in that folder.
 * They hold nothing of the run, so a report can print them although it is itself one of the artefacts.
 */
export function byHandChecks(): ByHandCheck[] {
  const { manifest, signature, attestation, publicKey } = sealFiles;
  const verify = `openssl pkeyutl -verify -pubin -inkey ${publicKey} -rawin`;
  const member = (name: string): string => `sed -n 's/.*"${name}":"\\([^"]*\\)".*/\\1/p' ${attestation}`;
  return [
    {
      title: 'The key is the one that you know by its id',
      command: `openssl pkey -pubin -in ${publicKey} -outform DER | sha256sum`,
    },
    { title: 'The manifest is signed', command: `${verify} -in ${manifest} -sigfile ${signature}` },
    {
      title: 'Every artefact is the one that the manifest names',
      command: `sed -n 's/.*"path": "\\([^"]*\\)".*"sha256": "\\([0-9a-f]*\\)".*/\\2  \\1/p' ${manifest} | sha256sum --check --strict`,
    },
    {
      title: 'The statement on the result is signed',
      command: [
        `payload=$(mktemp) && encoded=$(mktemp) && mark=$(mktemp)`,
        `${member('payload')} | base64 -d > "$payload"`,
        `{ printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c < "$payload" | tr -d ' ')"; cat "$payload"; } > "$encoded"`,
        `${member('sig')} | base64 -d > "$mark"`,
        `${verify} -in "$encoded" -sigfile "$mark"`,
        `rm "$payload" "$encoded" "$mark"`,
      ].join(' && '),
    },
  ];
}

/** The commands that verify a whole ledger in the same way, run in its folder, which has the public keys in `keys/`. */
export function byHandLedgerChecks(): ByHandCheck[] {
  const member = (name: string): string => `$(printf '%s' "$line" | sed 's/.*"${name}":"\\([0-9a-f]*\\)".*/\\1/')`;
  const steps = [
    `number=$((number + 1))`,
    `[ "${member('previous')}" = "$previous" ] || { echo "line $number does not name the sha256 of the line before it"; wrong=1; }`,
    `printf '%s' "$line" | sed 's/,"signature":"[^"]*"}$/}/' > "$entry"`,
    `printf '%s' "$line" | sed 's/.*,"signature":"\\([^"]*\\)"}$/\\1/' | base64 -d > "$mark"`,
    `key="keys/$(printf '%.16s' "${member('keyId')}").pem"`,
    `openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$entry" -sigfile "$mark" > /dev/null 2>&1 || { echo "line $number is not signed"; wrong=1; }`,
    `previous=$(printf '%s' "$line" | sha256sum | cut -d' ' -f1)`,
  ];
  return [
    {
      title: 'Every line is signed by the key that it names, and names the sha256 of the line before it',
      command: [
        `entry=$(mktemp); mark=$(mktemp); number=0; wrong=0; previous=$(printf '%064d' 0)`,
        `while IFS= read -r line; do`,
        ...steps.map((step) => `  ${step}`),
        `done < ledger.jsonl`,
        `rm "$entry" "$mark"; echo "$number lines"; echo "head $previous"; [ "$wrong" = 0 ]`,
      ].join('\n'),
    },
  ];
}
