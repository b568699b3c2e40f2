/** Encodings by which lines of different policies are told apart: colour, and dashes for print in grey. */
import { colourScale, dashScale } from './palette.ts';

export function policyLines(names: readonly string[]) {
  const policy = { field: 'policy', type: 'nominal', title: 'policy', sort: [...names] } as const;
  return {
    color: { ...policy, scale: colourScale(names) },
    strokeDash: { ...policy, scale: dashScale(names) },
    opacity: { condition: { param: 'chosenPolicy', value: 1 }, value: 0.12 },
  } as const;
}

/** A click on a policy in the legend makes the others pale. */
export const CHOSEN_POLICY = {
  name: 'chosenPolicy',
  select: { type: 'point', fields: ['policy'] as string[] },
  bind: 'legend',
} as const;
