/** Checks values that are said to be messages in the form of our code, such as those that our own processes exchange. */
import { checkExact } from './json-reader.ts';
import type { MessageName } from './message-type.ts';
import { planOf } from './type-plan.ts';

/** @throws WireError where it is not such a message */
export function checkMessage(name: MessageName, value: unknown): void {
  checkExact(planOf(name), value);
}
