/** `--fairness ties=turns,agents=split` of master and simulation (docs/hierarchical-allocator.md). */
import { type Fairness, MESOS_FAIRNESS } from '../../allocator/hierarchical/terms.ts';
import { parsePair, wrongValue } from '../option-values.ts';

const CHOICES: { readonly [Part in keyof Fairness]: readonly Fairness[Part][] } = {
  ties: ['count', 'turns'],
  agents: ['whole', 'split'],
};

export const FAIRNESS_HELP =
  'fairer than Mesos: ties=turns (not count), agents=split (not whole), or both after a comma';

/** Parts that are not named are as in Mesos. @throws InputError OPTION_VALUE */
export function parseFairness(text: string): Fairness {
  const expected = Object.entries<readonly string[]>(CHOICES)
    .map(([part, choices]) => `${part}=${choices.join(' or ')}`)
    .join(', ');
  const fairness: Record<string, string> = { ...MESOS_FAIRNESS };
  for (const item of text.split(',')) {
    const [part, choice] = parsePair('--fairness', item.trim(), expected);
    const choices: readonly string[] | undefined = CHOICES[part as keyof Fairness];
    if (!choices?.includes(choice)) throw wrongValue('--fairness', text, expected);
    fairness[part] = choice;
  }
  return fairness as unknown as Fairness;
}
