/** The operator API's calls (reference §7). */
import type { MasterContext } from './context.ts';
import { removeFramework } from './frameworks.ts';
import type { MasterInput } from './io.ts';
import { isRefusedHere } from './leadership.ts';
import { answer } from './send.ts';

export function operatorCall(
  master: MasterContext,
  { exchange, call }: MasterInput & { readonly kind: 'operator-call' },
): void {
  if (isRefusedHere(master, exchange)) return;
  switch (call.type) {
    case 'TEARDOWN': {
      const framework = master.state.frameworks.get(call.teardown?.framework_id.value ?? '');
      if (framework === undefined) {
        answer(master, exchange, 400, 'No framework has this id');
        return;
      }
      removeFramework(master, framework);
      answer(master, exchange, 200);
      return;
    }
    default:
      answer(master, exchange, 501, `${call.type ?? 'The call'} is not known`);
  }
}
