import { ledgerPaths } from '../evidence/ledger-paths.ts';
import { knownKeys, putPrivateKey, removePrivateKey } from '../evidence/keys.ts';
import { messageOf } from '../domain/drill-error.ts';

/**
 * Brings the private key of a ledger out of the secrets of a CI system and takes it away again, so that it is never in
 * what the system carries from job to job: `node scripts/signing-key.ts put|remove LEDGER`. The key, as PEM, is in the
 * variable FIREDRILL_SIGNING_KEY. Where that is empty nothing is done, and it is said what that means.
 */
const [action, ledger] = process.argv.slice(2);
const pem = process.env['FIREDRILL_SIGNING_KEY'] ?? '';
if (ledger === undefined || (action !== 'put' && action !== 'remove')) {
  process.stderr.write('usage: node scripts/signing-key.ts put|remove LEDGER\n');
  process.exit(3);
}
const { keys } = ledgerPaths(ledger);
if (pem === '') {
  process.stdout.write(
    'FIREDRILL_SIGNING_KEY is not set: the key lies beside the ledger, and whoever can read the one can sign as the other\n',
  );
} else if (action === 'put') {
  try {
    process.stdout.write(`the ledger is signed with the key ${await putPrivateKey(keys, pem)}\n`);
  } catch (error) {
    process.stderr.write(`FIREDRILL_SIGNING_KEY: ${messageOf(error)}\n`);
    process.exitCode = 3;
  }
} else {
  const signing = (await knownKeys(keys)).filter(({ canSign }) => canSign);
  for (const { keyId } of signing) await removePrivateKey(keys, keyId);
  process.stdout.write(`${signing.length} private keys were removed; their public ones stay\n`);
}
