import { Command } from 'commander';
import { detect } from '../../stack/detect.ts';
import { exitCodes } from '../exit-codes.ts';

/** `firedrill doctor`: what this machine has, and what each missing part means. */
export const doctorCommand = new Command('doctor')
  .description('say what this machine has for drills, and what each missing part means')
  .option('--json', 'as JSON', false)
  .action(async ({ json }: { json: boolean }) => {
    const detection = await detect();
    if (json) {
      process.stdout.write(`${JSON.stringify(detection, undefined, 2)}\n`);
    } else {
      for (const { name, found, version, missing, where } of detection.parts) {
        const facts = found ? [version, where].filter(Boolean).join('  ') : (missing ?? '');
        process.stdout.write(`${found ? 'found  ' : 'missing'}  ${name.padEnd(24)} ${facts}\n`);
      }
      process.stdout.write(`\n${detection.conclusion}\n`);
    }
    if (!detection.canDrill) process.exitCode = exitCodes.usage;
  });
