import type { Fault } from '../domain/fault.ts';
import type { RunningService } from '../domain/service.ts';
import { observeAnswer } from './observation.ts';
import { changePasswords, type ChangedPasswords } from './change-passwords.ts';
import { restart, restartUnchanged } from './restart.ts';
import { struckBook } from './struck.ts';
import { directAccessOf, nameOf, serviceOf, type Target } from './target.ts';

/**
 * The credentials that clients of a store have do not open it any more. In PostgreSQL all passwords are changed and
 * sessions ended; an object store or search server is restarted with another secret or master key, as after a rotation
 * that nobody was told of. Lifted by giving the old ones back.
 */
export function revokeCredentials(target: Target): Fault {
  const restarted = struckBook<RunningService>();
  const passwords = struckBook<ChangedPasswords>();
  return {
    name: `revoke-credentials:${nameOf(target)}`,
    title: `the credentials that clients of ${nameOf(target)} have are revoked`,
    claims: [{ target, effect: 'impaired' }],
    async inject(stack) {
      if (target.service === 'postgres') {
        if (passwords.get(stack) === undefined) passwords.note(stack, await changePasswords(stack.postgres));
        return;
      }
      const service = serviceOf(stack, target);
      restarted.note(stack, service);
      await restart(service, { otherCredentials: true });
    },
    observe: async (stack) => [
      await observeAnswer(target, directAccessOf(stack, target), {
        kinds: ['denied'],
        expected: 'the credentials are refused',
      }),
    ],
    async lift(stack) {
      await passwords.take(stack)?.giveBack();
      await restartUnchanged(stack, restarted);
    },
  };
}
