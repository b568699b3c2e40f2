/** Checks values that are said to be messages in the form of our code, such as those that our own processes exchange. */
import { readMessage } from './json-codec.ts';
import type { MessageName } from './message-type.ts';
import { planOf } from './type-plan.ts';

/** @throws WireError where it is not such a message */
export function checkMessage(name: MessageName, value: unknown): void {
  readMessage(planOf(name), value);
}
