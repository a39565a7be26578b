import { byHandChecks, sealFiles } from '../../domain/evidence.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { Section } from '../blocks.ts';

/**
 * How to find out whether anything was changed. The report is sealed itself, so it cannot name the digests of the seal:
 * it says where they are, and how they are checked.
 */
export function evidenceSection({ sequence }: DrillRecord): Section {
  return {
    number: 19,
    title: 'Evidence and how to verify it',
    blocks:
      sequence === undefined
        ? [{ kind: 'empty', text: 'No ledger was kept of this run, so its folder was not sealed.' }]
        : [
            {
              kind: 'text',
              text: `This is run ${sequence} of the ledger. When it was closed its folder was sealed: \`${sealFiles.manifest}\` names size and sha256 of every file, \`${sealFiles.signature}\` is its Ed25519 signature, \`${sealFiles.attestation}\` states the result as in-toto test-result, and the ledger names the digests of both. \`npx firedrill verify\` checks all of it offline. The same is checked by hand in the folder of the run, with OpenSSL 3 and coreutils:`,
            },
            { kind: 'commands', commands: byHandChecks() },
            {
              kind: 'text',
              text: 'Who owns the key can sign anything again. The id of the key and the head of the ledger are therefore kept where the owner of the key cannot write: compare them with what you were given.',
            },
          ],
  };
}
