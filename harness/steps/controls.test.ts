import { describe, expect, test } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import type { Control } from '../definition.ts';
import { heldUpWords } from '../../checks/own-delay.ts';
import { controlsVerdict, outcomeOf } from '../../domain/control-outcome.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { DrillContext } from '../context.ts';
import { nothingToDamage } from '../controls/damaging.ts';
import { judgeControl, judgeControls, runControls } from './controls.ts';

const control: Control = {
  name: 'row-missing',
  title: 'A row is missing',
  expectedCheck: 'integrity.rows',
  expectedVerdict: 'fail',
  alsoRed: ['integrity.content'],
  verify: async () => [],
  sabotage: {},
};
const red = (check: string, verdict: Finding['verdict'] = 'fail'): Finding => ({
  check,
  verdict,
  expected: '1',
  actual: '0',
});

test('caught when the expected check is red, also with its known companions', () => {
  expect(judgeControl(control, [red('integrity.rows'), red('search.content', 'pass')])).toMatchObject({
    caught: true,
    caughtBy: 'integrity.rows',
  });
  expect(judgeControl(control, [red('integrity.content'), red('integrity.rows')]).caught).toBe(true);
});

test('not caught when everything is green', () => {
  const outcome = judgeControl(control, [red('integrity.rows', 'pass')]);
  expect(outcome.caught).toBe(false);
  expect(outcome).not.toHaveProperty('caughtBy');
});

test('not caught when another check turned red in its place, and that one is named', () => {
  expect(judgeControl(control, [red('integrity.content')])).toMatchObject({
    caught: false,
    caughtBy: 'integrity.content',
  });
});

test('not caught when a check turned red that has nothing to do with it', () => {
  const outcome = judgeControl(control, [red('integrity.rows'), red('smoke.latency')]);
  expect(outcome.caught).toBe(false);
  expect(outcome.detail).toContain('also red: smoke.latency');
});

test('not caught when the verdict is another than expected', () => {
  expect(judgeControl(control, [red('integrity.rows', 'inconclusive')]).caught).toBe(false);
});

describe('on a machine that is too busy', () => {
  const heldUp = (check: Finding['check']): Finding => ({
    ...red(check, 'inconclusive'),
    evidence: [heldUpWords(1_200, undefined)],
  });

  test('a stray beside a check that could judge nothing is not hidden by it', () => {
    const played = judgeControl(control, [heldUp('integrity.rows'), red('smoke.auth')]);
    expect(outcomeOf(played)).toBe('not-caught');
    expect(played.detail).toContain('could not judge it');
    expect(played.detail).toContain('also red: smoke.auth');
    expect(controlsVerdict([played])).toBe('fail');
    // Its companions belong to the damage, and so leave it open.
    const companion = judgeControl({ ...control, alsoRed: ['smoke.auth'] }, [
      heldUp('integrity.rows'),
      red('smoke.auth'),
    ]);
    expect(outcomeOf(companion)).toBe('inconclusive');
  });

  test('a check that could judge nothing leaves the control open, which is not the same as not caught', () => {
    const played = judgeControl(control, [heldUp('integrity.rows')]);
    expect(outcomeOf(played)).toBe('inconclusive');
    expect(played).toMatchObject({ caught: false, inconclusive: heldUpWords(1_200, undefined) });
    const caught = judgeControl({ ...control, name: 'other' }, [red('integrity.rows')]);
    const judged = judgeControls({ controls: [played, caught] }, [control, { name: 'other' }], []);
    expect(judged).toMatchObject({ verdict: 'inconclusive', actual: 'caught 1 of 2' });
    expect(judged.evidence?.join()).toContain('held up');
    expect(controlsVerdict([played, caught])).toBe('inconclusive');
    const missed = judgeControl({ ...control, name: 'third' }, []);
    expect(controlsVerdict([played, missed])).toBe('fail');
    expect(judgeControls({ controls: [played, missed] }, [control, { name: 'third' }], [])).toMatchObject({
      verdict: 'fail',
    });
    expect(judgeControls({ controls: [played] }, [control], ['left behind']).verdict).toBe('fail');
  });

  test('what it leaves open beside the expected check is not counted against the control', () => {
    expect(outcomeOf(judgeControl(control, [red('integrity.rows'), heldUp('smoke.latency')]))).toBe('caught');
    expect(outcomeOf(judgeControl(control, [red('integrity.rows'), red('smoke.latency', 'inconclusive')]))).toBe(
      'not-caught',
    );
  });
});

describe('what became of a control is computed from what it left', () => {
  const caught = judgeControl(control, [red('integrity.rows'), red('integrity.content')]);

  test('and not from what was told', () => {
    expect(outcomeOf(caught)).toBe('caught');
    expect(outcomeOf({ ...caught, red: [] })).toBe('not-caught');
    expect(outcomeOf({ ...caught, red: [red('integrity.content')] })).toBe('not-caught');
    expect(outcomeOf({ ...caught, red: [red('integrity.rows'), red('smoke.latency')] })).toBe('not-caught');
    expect(outcomeOf({ ...caught, notApplicable: 'no rows' })).toBe('not-applicable');
  });

  test('but of a record that kept no findings, which is believed', () => {
    const { red: _none, ...earlier } = caught;
    expect(outcomeOf(earlier)).toBe('caught');
    expect(outcomeOf({ ...earlier, caught: false })).toBe('not-caught');
  });

  test('what is red in the drill without it is not counted against it', () => {
    const played = judgeControl(control, [red('integrity.rows'), red('smoke.latency')], [red('smoke.latency')]);
    expect(outcomeOf(played)).toBe('caught');
  });
});

describe('playing the controls of a drill', () => {
  const other: Control = { ...control, name: 'slow', expectedCheck: 'smoke.latency', alsoRed: [] };
  const catches = (of: Control, ...more: Finding[]): Control => ({
    ...of,
    verify: async () => [red(of.expectedCheck), ...more],
  });

  async function play(controls: Control[], findings: Finding[] = [], signal = new AbortController().signal) {
    const record = { controls: [], findings: [...findings], limitations: [] } as unknown as DrillRecord;
    const lines: string[] = [];
    const context = {
      record,
      definition: { controls },
      options: {},
      signal,
      progress: () => ({ info: (line: string) => lines.push(line) }),
      judge: (judged: Finding[]) => record.findings.push(...judged),
    } as unknown as DrillContext;
    await runControls.execute(context);
    const judged = record.findings.find(({ check }) => check === 'controls');
    return { lines, judged, outcomes: record.controls.map((played) => `${played.name} ${outcomeOf(played)}`) };
  }

  test('all of them, in their order', async () => {
    const { outcomes, judged, lines } = await play([catches(control), catches(other)]);
    expect(outcomes).toEqual(['row-missing caught', 'slow caught']);
    expect(lines).toEqual(['row-missing: caught by integrity.rows', 'slow: caught by smoke.latency']);
    expect(judged).toMatchObject({ verdict: 'pass', actual: 'caught 2 of 2' });
  });

  test('every one of many is played, and one that is planned and was not is missed', async () => {
    const many = Array.from({ length: 12 }, (_, number) => catches({ ...control, name: `damage-${number}` }));
    const { outcomes, judged } = await play(many);
    expect(outcomes).toEqual(many.map(({ name }) => `${name} caught`));
    expect(judged).toMatchObject({ verdict: 'pass', actual: 'caught 12 of 12' });
    const records = many.slice(0, 3).map((each) => judgeControl(each, [red('integrity.rows')]));
    expect(judgeControls({ controls: records }, many, [])).toMatchObject({
      verdict: 'fail',
      actual: 'caught 3 of 12',
      evidence: expect.arrayContaining(['damage-3: not played', 'damage-11: not played']),
    });
  });

  test('an error in one is an outcome, and the others are played', async () => {
    const broken = { ...control, verify: () => Promise.reject(new Error('the disk is full')) };
    const { outcomes, judged } = await play([broken, catches(other)]);
    expect(outcomes).toEqual(['row-missing not-caught', 'slow caught']);
    expect(judged).toMatchObject({
      verdict: 'fail',
      evidence: ['row-missing: it ended with an error: the disk is full'],
    });
  });

  test('one that finds the right check red beside one that has nothing to do with it is not caught', async () => {
    const { outcomes, judged } = await play([catches(control, red('smoke.latency'))]);
    expect(outcomes).toEqual(['row-missing not-caught']);
    expect(judged?.evidence?.[0]).toContain('also red: smoke.latency');
  });

  test('one whose check is red in the drill itself is not applicable, and not played', async () => {
    let isPlayed = false;
    const verify = async () => {
      isPlayed = true;
      return [];
    };
    const { outcomes, lines, judged } = await play([{ ...control, verify }, catches(other)], [red('integrity.rows')]);
    expect(outcomes).toEqual(['row-missing not-applicable', 'slow caught']);
    expect(isPlayed).toBe(false);
    expect(lines[0]).toContain('not applicable, integrity.rows is red in the drill itself');
    expect(judged).toMatchObject({ verdict: 'pass', actual: 'caught 1 of 1, 1 not applicable' });
  });

  test('one that cannot be played on a recovery that is red is not applicable', async () => {
    const broken = { ...control, verify: () => Promise.reject(new Error('no such table')) };
    const { outcomes } = await play([broken], [red('smoke.status')]);
    expect(outcomes).toEqual(['row-missing not-applicable']);
  });

  test('one that has nothing to damage is not applicable, unless its check had something to look at', async () => {
    const verify = () => Promise.reject(nothingToDamage('a table with rows'));
    const none = await play([{ ...control, verify }]);
    expect(none.outcomes).toEqual(['row-missing not-applicable']);
    expect(none.judged).toMatchObject({ verdict: 'inconclusive' });
    const passed = await play([{ ...control, verify }], [red('integrity.rows', 'pass')]);
    expect(passed.outcomes).toEqual(['row-missing not-caught']);
    expect(passed.judged).toMatchObject({ verdict: 'fail' });
  });

  test('one that leaves its damage behind is found', async () => {
    let rows = 2;
    const undamaged = async () => [red('integrity.rows', rows === 2 ? 'pass' : 'fail')];
    const leaves = {
      ...control,
      undamaged,
      verify: async () => {
        rows -= 1;
        return undamaged();
      },
    };
    const { outcomes, judged } = await play([leaves]);
    expect(outcomes).toEqual(['row-missing caught']);
    expect(judged).toMatchObject({
      verdict: 'fail',
      evidence: ['left behind by a control: integrity.rows, 0'],
    });
  });

  test('once the run is interrupted no other is played, and nothing is judged of them', async () => {
    const interruption = new AbortController();
    const interrupts = {
      ...control,
      verify: async () => {
        interruption.abort();
        return [red('integrity.rows')];
      },
    };
    await expect(play([interrupts, catches(other)], [], interruption.signal)).rejects.toThrow();
    const during = { ...control, verify: () => Promise.reject(new Error('cut short')) };
    await expect(play([during], [], interruption.signal)).rejects.toThrow();
  });

  test('none at all proves nothing', async () => {
    expect((await play([])).judged).toMatchObject({ verdict: 'inconclusive' });
  });
});
